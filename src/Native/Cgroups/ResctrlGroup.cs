using System.Globalization;
using System.Text;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Cgroups;

/// <summary>
/// Cache and memory bandwidth of a container: a group of the resctrl file system (runtime-spec, config-linux.md,
/// "IntelRdt"; the kernel's Documentation/filesystems/resctrl.rst).
/// </summary>
internal sealed class ResctrlGroup
{
    private const int FileLimit = 64 * 1024;
    private readonly string root;
    private readonly OciIntelRdt settings;
    private readonly string id;

    internal ResctrlGroup(string root, OciIntelRdt settings, string id)
    {
        this.root = root;
        this.settings = settings;
        this.id = id;
    }

    /// <summary>What goes when the container does: its own class, or its monitoring group in one that stays.</summary>
    public string? OwnDirectory =>
        settings.ClosId is null ? $"{root}/{id}" : settings.EnableMonitoring ? MonitoringDirectory : null;

    private string ClassDirectory => $"{root}/{settings.ClosId ?? id}";

    private string MonitoringDirectory => $"{ClassDirectory}/mon_groups/{id}";

    /// <summary>The group the settings describe, on this host's resctrl.</summary>
    /// <exception cref="CgroupException">There is none.</exception>
    public static ResctrlGroup Open(OciIntelRdt settings, string id)
    {
        using FileDescriptor table = FileCalls.Open("/proc/self/mounts", FileCalls.O_RDONLY);
        string mounts = Encoding.UTF8.GetString(FileCalls.ReadAll(table, FileLimit * 64, "/proc/self/mounts"));
        foreach (ReadOnlySpan<char> line in mounts.AsSpan().EnumerateLines())
        {
            string[] fields = line.ToString().Split(' ');
            if (fields.Length > 2 && fields[2] == "resctrl") return new ResctrlGroup(fields[1], settings, id);
        }

        throw new CgroupException(
            "resctrl", null, "linux.intelRdt: no resctrl file system is mounted on this host "
            + "(mount -t resctrl resctrl /sys/fs/resctrl, where processor and kernel have it)");
    }

    /// <summary>Makes what is missing and moves the process, with what it starts later, into it.</summary>
    public void Enter(int pid)
    {
        string schemata = Schemata();
        bool made = FileCalls.mkdirat(FileCalls.AT_FDCWD, ClassDirectory, 0x1ED) == 0;
        if (!made && SystemCallException.Last("mkdir", ClassDirectory) is { Errno: not Errno.EEXIST } failure) throw failure;
        try
        {
            if (made) CheckMade(schemata);
            else if (settings.ClosId is not null) RequireSame(schemata);
            if (schemata.Length > 0 && (made || settings.ClosId is null)) Write($"{ClassDirectory}/schemata", schemata);
            string process = pid.ToString(CultureInfo.InvariantCulture);
            Write($"{ClassDirectory}/tasks", process);
            if (!settings.EnableMonitoring) return;
            int result = FileCalls.mkdirat(FileCalls.AT_FDCWD, MonitoringDirectory, 0x1ED);
            SystemCallException.Check(result, "mkdir", MonitoringDirectory);
            Write($"{MonitoringDirectory}/tasks", process);
        }
        catch when (made)
        {
            Remove(ClassDirectory);
            throw;
        }
    }

    /// <summary>Writes the schemas to the group, which exists.</summary>
    public void Update() => Write($"{ClassDirectory}/schemata", Schemata());

    /// <summary>Removes a directory of <see cref="OwnDirectory"/>; its processes go back to the default group.</summary>
    public static void Remove(string directory) => _ = FileCalls.unlinkat(FileCalls.AT_FDCWD, directory, FileCalls.AT_REMOVEDIR);

    private string Schemata()
    {
        List<string> lines = [];
        if (settings.L3CacheSchema is not null) lines.Add(settings.L3CacheSchema);
        if (settings.MemBwSchema is not null) lines.Add(settings.MemBwSchema);
        lines.AddRange(settings.Schemata ?? []);
        return lines.Count == 0 ? "" : string.Join('\n', lines) + "\n";
    }

    // A class that is named but not described has to be there (config-linux.md, closID).
    private void CheckMade(string schemata)
    {
        if (settings.ClosId is null || schemata.Length > 0) return;
        throw new CgroupException(
            "resctrl", null, $"linux.intelRdt.closID: '{ClassDirectory}' does not exist, and no schema says what it is");
    }

    private void RequireSame(string schemata)
    {
        if (schemata.Length == 0) return;
        HashSet<string> existing = [];
        foreach (string line in Read($"{ClassDirectory}/schemata").Split('\n')) existing.Add(Normalize(line));
        foreach (string line in schemata.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (existing.Contains(Normalize(line))) continue;
            throw new CgroupException(
                "resctrl", "schemata", $"linux.intelRdt: '{ClassDirectory}' exists with another schema than '{line}'");
        }
    }

    // The kernel pads names with blanks and masks with zeros.
    private static string Normalize(string line)
    {
        string[] parts = line.Trim().Split(':');
        if (parts.Length != 2) return line.Trim();
        string[] domains = parts[1].Split(';', StringSplitOptions.TrimEntries);
        for (int i = 0; i < domains.Length; i++)
        {
            string[] pair = domains[i].Split('=', StringSplitOptions.TrimEntries);
            if (pair.Length == 2) domains[i] = $"{pair[0]}={pair[1].TrimStart('0')}";
        }

        Array.Sort(domains, StringComparer.Ordinal);
        return $"{parts[0].Trim()}:{string.Join(';', domains)}";
    }

    private void Write(string path, string text)
    {
        try
        {
            using FileDescriptor file = FileCalls.Open(path, FileCalls.O_WRONLY);
            FileCalls.WriteAll(file.Number, Encoding.ASCII.GetBytes(text), path);
        }
        catch (SystemCallException failure) when (failure.Errno != Errno.ENOENT)
        {
            // The kernel says here what was wrong with it.
            string reason = FileCalls.Exists($"{root}/info/last_cmd_status") ? Read($"{root}/info/last_cmd_status").Trim() : "";
            throw new CgroupException(
                "resctrl", path, $"linux.intelRdt: '{text.Trim()}': {failure.Message}{(reason is "" or "ok" ? "" : "; " + reason)}",
                failure);
        }
    }

    private static string Read(string path)
    {
        using FileDescriptor file = FileCalls.Open(path, FileCalls.O_RDONLY);
        return Encoding.UTF8.GetString(FileCalls.ReadAll(file, FileLimit, path));
    }
}
