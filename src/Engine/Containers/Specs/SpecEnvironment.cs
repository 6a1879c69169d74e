using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Engine.Store;

namespace Container.Engine.Containers.Specs;

/// <summary>The environment: defaults, then the image's, then files, then the user's own. HOME the runtime adds.</summary>
internal static class SpecEnvironment
{
    public const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    // A file of more is no environment; execve(2) would refuse it.
    private const int MaximumFile = 1024 * 1024;

    public static IReadOnlyList<string> Build(SpecInput input)
    {
        ContainerConfiguration configuration = input.Configuration;
        VariableList variables = new();
        variables.Set("PATH", DefaultPath);
        if (configuration.Tty) variables.Set("TERM", input.IsSystem ? SystemContainer.Terminal : "xterm");
        variables.Set("HOSTNAME", SpecHostFiles.HostName(input));
        SystemContainer.AddVariables(variables, input);
        variables.Set(input.Image.Environment);
        Add(variables, configuration.Environment);
        SpecSecrets.AddVariables(variables, input);
        return variables.ToList();
    }

    /// <summary>Sets the user's variables over what there is.</summary>
    public static void Add(VariableList variables, IReadOnlyDictionary<string, string>? environment)
    {
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            if (name.Length == 0 || name.AsSpan().IndexOfAny('=', '\0') >= 0)
                throw EngineException.Invalid($"'{name}' is no name of an environment variable.", name);
            if (value.Contains('\0', StringComparison.Ordinal))
                throw EngineException.Invalid($"The environment variable '{name}' contains a null character.", name);
            variables.Set(name, value);
        }
    }

    /// <summary>
    /// The configuration with its environment files read: NAME=VALUE lines, a NAME alone takes the host's value, empty
    /// lines and lines that begin with # are left out (docker's --env-file).
    /// </summary>
    public static ContainerConfiguration ReadFiles(ContainerConfiguration configuration)
    {
        if (configuration.EnvironmentFile is not { Count: > 0 } files) return configuration;
        Dictionary<string, string> environment = new(StringComparer.Ordinal);
        foreach (string file in files)
        {
            Read(file, environment);
        }

        foreach ((string name, string value) in configuration.Environment ?? new Dictionary<string, string>())
        {
            environment[name] = value;
        }

        return configuration with { Environment = environment, EnvironmentFile = null };
    }

    private static void Read(string file, Dictionary<string, string> environment)
    {
        string text = BoundedFile.ReadText(file, MaximumFile);
        int number = 0;
        foreach (string line in text.Split('\n'))
        {
            number++;
            string entry = line.TrimEnd('\r').TrimStart();
            if (entry.Length == 0 || entry[0] == '#') continue;
            int equals = entry.IndexOf('=', StringComparison.Ordinal);
            if (equals == 0) throw EngineException.Invalid($"Line {number} of '{file}' has no name before its '='.", file);
            if (equals > 0) environment[entry[..equals]] = entry[(equals + 1)..];
            else if (Environment.GetEnvironmentVariable(entry) is string value) environment[entry] = value;
        }
    }
}
