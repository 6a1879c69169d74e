using System.Diagnostics;
using Xunit;

namespace Container.Runtime.Tests;

/// <summary>The published psrun with a state root of its own; disposing removes every container that is left.</summary>
public sealed class Psrun : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <param name="anyUser">The test is for root and for others.</param>
    public Psrun(bool anyUser = false)
    {
        Assert.SkipUnless(File.Exists(Executable), $"psrun is not published at {Executable}");
        Assert.SkipUnless(anyUser || Environment.IsPrivilegedProcess, "containers with the host's ids need root");
        Root = (Environment.IsPrivilegedProcess ? "/run" : Path.GetTempPath()) + $"/psrun-test-{Guid.NewGuid():N}";
    }

    public static string Executable { get; } =
        Environment.GetEnvironmentVariable("PSRUN") is { Length: > 0 } given ? given : Path.Join(Repository.Root, "artifacts/publish/Runtime/release_linux-x64/psrun");

    /// <summary>--root of every call.</summary>
    public string Root { get; }

    /// <summary>What the state directories of the containers are called.</summary>
    public string[] Containers => Directory.Exists(Root)
        ? [.. Directory.GetDirectories(Root).Select(static d => Path.GetFileName(d)).Where(static d => d[0] != '@')]
        : [];

    public CommandResult Run(params string[] arguments) => Run(new CommandOptions(), arguments);

    /// <summary>
    /// Runs psrun to its end. Its streams are files: a container that stays would hold the end of a pipe for ever.
    /// </summary>
    public CommandResult Run(CommandOptions options, params string[] arguments)
    {
        string files = Directory.CreateTempSubdirectory("psrun-streams-").FullName;
        try
        {
            File.WriteAllText(files + "/0", options.Input);
            ProcessStartInfo start = Describe(options, "/bin/sh");
            string limit = options.DescriptorLimit > 0 ? $"ulimit -n {options.DescriptorLimit}; " : "";
            foreach (string word in new[] { "-c", $"exec <{files}/0 >{files}/1 2>{files}/2; {limit}exec \"$0\" \"$@\"", Executable })
                start.ArgumentList.Add(word);
            AddArguments(start, options, arguments);
            using Process process = Process.Start(start)!;
            Wait(process);
            return new CommandResult(process.ExitCode, File.ReadAllText(files + "/1"), File.ReadAllText(files + "/2"));
        }
        finally
        {
            Directory.Delete(files, recursive: true);
        }
    }

    /// <summary>Runs and expects exit code 0; returns what was printed.</summary>
    public string Succeed(params string[] arguments)
    {
        CommandResult result = Run(arguments);
        Assert.True(result.Code == 0, $"psrun {string.Join(' ', arguments)}: {result.Code} {result.Error}");
        return result.Output;
    }

    /// <summary>Runs and expects a failure of one line; returns it.</summary>
    public string Fail(int code, params string[] arguments)
    {
        CommandResult result = Run(arguments);
        Assert.Equal(code, result.Code);
        Assert.Equal("", result.Output);
        Assert.StartsWith("psrun: ", result.Error, StringComparison.Ordinal);
        return Assert.Single(result.Error.TrimEnd('\n').Split('\n'))["psrun: ".Length..];
    }

    /// <summary>Starts psrun with pipes.</summary>
    public Process Start(CommandOptions options, params string[] arguments)
    {
        ProcessStartInfo start = Describe(options, Executable);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        AddArguments(start, options, arguments);
        return Process.Start(start)!;
    }

    /// <summary>Reads what a started psrun prints until it ends.</summary>
    public static CommandResult Finish(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Close();
        Wait(process);

        // A container that psrun left behind would keep them open.
        Assert.True(Task.WaitAll([output, error], Patience), $"psrun ended with {process.ExitCode}, its streams did not");
        return new CommandResult(process.ExitCode, output.Result, error.Result);
    }

    public void Dispose()
    {
        foreach (string id in Containers) Run("delete", "--force", id);
        if (Directory.Exists(Root)) Directory.Delete(Root, recursive: true);
    }

    private static ProcessStartInfo Describe(CommandOptions options, string program)
    {
        ProcessStartInfo start = new(program) { WorkingDirectory = options.Directory ?? "/" };
        foreach ((string name, string? value) in options.Environment) start.Environment[name] = value;
        return start;
    }

    private static void Wait(Process process)
    {
        if (process.WaitForExit(Patience)) return;
        process.Kill();
        Assert.Fail("psrun did not end");
    }

    private void AddArguments(ProcessStartInfo start, CommandOptions options, string[] arguments)
    {
        start.ArgumentList.Add("--root");
        start.ArgumentList.Add(Root);
        foreach (string argument in options.Global) start.ArgumentList.Add(argument);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
    }
}
