using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Engine.State;
using Container.Native.Oci;
using Container.Native.Security;

namespace Container.Engine.Containers.Specs;

/// <summary>The process: what is run, as whom, where, with which environment and rights.</summary>
internal static class SpecProcess
{
    public static OciProcess Build(SpecInput input)
    {
        ContainerConfiguration configuration = input.Configuration;
        UserRequest request = UserRequest.Parse(configuration.User ?? input.Image.User);
        ResolvedUser user = input.Users.Resolve(request, configuration.SupplementaryGroup);
        SpecIdMaps.RequireMapped(user, SpecIdMaps.Users(input), SpecIdMaps.Groups(input));
        CapabilitySet capabilities = SpecSecurity.Capabilities(configuration);
        return new OciProcess
        {
            Terminal = configuration.Tty,
            User = new OciUser
            {
                Uid = user.Uid,
                Gid = user.Gid,
                AdditionalGids = Groups(user),
                Umask = Umask(configuration.Umask),
            },
            Args = Arguments(configuration, input.Image),
            Env = SpecEnvironment.Build(input),
            Cwd = WorkingDirectory(configuration.WorkingDirectory ?? input.Image.WorkingDirectory),
            Capabilities = SpecSecurity.Sets(capabilities, SpecSecurity.Asked(configuration), user.Uid),
            Rlimits = SpecLimits.Build(configuration.Ulimit),
            NoNewPrivileges = configuration.NoNewPrivileges,
            OomScoreAdj = OomScore(configuration.OomScoreAdjust),
        };
    }

    /// <summary>The groups to set. Of one alone the kernel lets nobody set others (user_namespaces(7), setgroups).
    /// </summary>
    public static IReadOnlyList<uint>? Groups(ResolvedUser user) =>
        UserIds.Current is { HasRange: false } ? null : user.Groups;

    public static string WorkingDirectory(string? path)
    {
        if (string.IsNullOrEmpty(path)) return "/";
        if (path[0] != '/' || path.Contains('\0', StringComparison.Ordinal))
            throw EngineException.Invalid($"The working directory '{path}' is not an absolute path.", path);
        return path;
    }

    /// <summary>
    /// The image's entry point and command with what the user says over them: an entry point of the user's drops both,
    /// a command or arguments of the user's replace the image's command.
    /// </summary>
    public static IReadOnlyList<string> Arguments(ContainerConfiguration configuration, ImageDefaults image)
    {
        List<string> arguments = Words(configuration, image);
        if (arguments.Count == 0)
        {
            throw EngineException.Invalid(
                "There is no command to run: neither the configuration nor the image names one.",
                configuration.Image,
                "Give a command.");
        }

        if (arguments[0].Length == 0) throw EngineException.Invalid("The command is empty.", configuration.Image);
        return arguments.Exists(argument => argument.Contains('\0', StringComparison.Ordinal))
            ? throw EngineException.Invalid("The command contains a null character.", arguments[0])
            : arguments;
    }

    /// <summary>The same before it is judged: it may be nothing at all.</summary>
    public static List<string> Words(ContainerConfiguration configuration, ImageDefaults image)
    {
        List<string> words = [.. configuration.EntryPoint ?? image.EntryPoint];
        bool own = configuration.Command is not null || configuration.ArgumentList is { Count: > 0 };
        if (configuration.Command is not null) words.Add(configuration.Command);
        words.AddRange(configuration.ArgumentList ?? []);
        if (!own && configuration.EntryPoint is null) words.AddRange(image.Command);
        return words;
    }

    private static uint? Umask(uint? mask) =>
        mask is > 0x1FF ? throw EngineException.Invalid("The umask is larger than 0777.", mask) : mask;

    private static int? OomScore(int? score) =>
        score is < -1000 or > 1000
            ? throw EngineException.Invalid("The out-of-memory score adjustment is not within -1000 and 1000.", score)
            : score;
}
