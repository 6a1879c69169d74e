using System.Globalization;
using Container.Native.Json;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Container.Runtime.Arguments;
using Container.Runtime.Messages;

namespace Container.Runtime.Creation;

/// <summary>What exec runs: a process.json, or the container's own process with what the command line changes.</summary>
internal static class ExecProcess
{
    public static OciProcess Create(ParsedArguments arguments, OciProcess init)
    {
        string? file = arguments.Value("process");
        if (file is null) return FromArguments(arguments, init);
        if (arguments.Operands.Count > 1)
            throw new UsageException($"--process and the command '{arguments.Operands[1]}' exclude each other");
        OciProcess process;
        try
        {
            process = OciDocument.ReadProcess(CallerFile.Read(file));
        }
        catch (DocumentException failure)
        {
            throw new RuntimeException($"{file}: {failure.Message}");
        }

        // What it leaves open is as in the container: never more than the first process has (CVE-2025-27612).
        return process with
        {
            Capabilities = process.Capabilities ?? init.Capabilities,
            ApparmorProfile = process.ApparmorProfile ?? init.ApparmorProfile,
            SelinuxLabel = process.SelinuxLabel ?? init.SelinuxLabel,
            Rlimits = process.Rlimits is { Count: > 0 } ? process.Rlimits : init.Rlimits,
            OomScoreAdj = process.OomScoreAdj ?? init.OomScoreAdj,
            Scheduler = process.Scheduler ?? init.Scheduler,
            IoPriority = process.IoPriority ?? init.IoPriority,
            ExecCpuAffinity = process.ExecCpuAffinity ?? init.ExecCpuAffinity,
        };
    }

    private static OciProcess FromArguments(ParsedArguments arguments, OciProcess init)
    {
        if (arguments.Operands.Count < 2) throw new UsageException("exec needs a command or --process");
        List<string> command = [];
        for (int i = 1; i < arguments.Operands.Count; i++) command.Add(arguments.Operands[i]);
        if (command[0].Length == 0) throw new UsageException("exec: the command is empty");
        string cwd = arguments.Value("cwd") ?? init.Cwd;
        if (!cwd.StartsWith('/')) throw new UsageException($"--cwd: '{cwd}' is not absolute");
        return init with
        {
            Terminal = arguments.Flag("tty"),
            ConsoleSize = arguments.Flag("tty") ? TerminalRelay.FindSize() : null,
            User = CreateUser(arguments, init.User),
            Args = command,
            Env = [.. init.Env ?? [], .. CheckVariables(arguments.Values("env"))],
            Cwd = cwd,
            Capabilities = AddCapabilities(init.Capabilities, arguments.Values("cap")),
            NoNewPrivileges = arguments.Value("no-new-privs") is null
                ? init.NoNewPrivileges
                : arguments.Flag("no-new-privs"),
            ApparmorProfile = arguments.Value("apparmor") ?? init.ApparmorProfile,
            SelinuxLabel = arguments.Value("process-label") ?? init.SelinuxLabel,
        };
    }

    private static List<string> CheckVariables(List<string> variables)
    {
        foreach (string variable in variables)
        {
            if (variable.IndexOf('=') <= 0) throw new UsageException($"--env: '{variable}' is not NAME=value");
        }

        return variables;
    }

    private static OciUser CreateUser(ParsedArguments arguments, OciUser init)
    {
        List<uint> groups = [.. init.AdditionalGids ?? []];
        foreach (string group in arguments.Values("additional-gids")) groups.Add(ParseId("additional-gids", group));
        if (arguments.Value("user") is not { } text) return init with { AdditionalGids = groups };

        // Digits only: a user called "4294967296" must not be looked up (CVE-2024-40635, CVE-2026-30892).
        int colon = text.IndexOf(':');
        return init with
        {
            Uid = ParseId("user", colon < 0 ? text : text[..colon]),
            Gid = colon < 0 ? 0 : ParseId("user", text[(colon + 1)..]),
            AdditionalGids = groups,
        };
    }

    private static uint ParseId(string option, string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint id) && id != uint.MaxValue
            ? id
            : throw new UsageException($"--{option}: '{text}' is not an id");

    // Not the inheritable set: a program with file capabilities would get them back (CVE-2022-29162). The ambient set
    // takes no more than is there (capabilities(7)); runc does the same.
    private static OciCapabilities? AddCapabilities(OciCapabilities? own, List<string> added)
    {
        if (added.Count == 0) return own;
        own ??= new OciCapabilities();
        HashSet<string> inheritable = [.. own.Inheritable ?? []];
        return own with
        {
            Bounding = [.. own.Bounding ?? [], .. added],
            Effective = [.. own.Effective ?? [], .. added],
            Permitted = [.. own.Permitted ?? [], .. added],
            Ambient = [.. own.Ambient ?? [], .. added.FindAll(inheritable.Contains)],
        };
    }
}
