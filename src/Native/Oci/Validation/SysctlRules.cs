using Container.Native.Json;

namespace Container.Native.Oci.Validation;

/// <summary>
/// Kernel parameters. Only those that belong to a namespace of the container may be set: every other one, and every way
/// to spell a path out of /proc/sys, would reach the host (CVE-2022-0811).
/// </summary>
internal static class SysctlRules
{
    public static void Check(OciLinux linux, string? domainname)
    {
        if (linux.Sysctl is null) return;
        foreach ((string name, string value) in linux.Sysctl)
        {
            string path = "linux.sysctl" + JsonLocation.Member(name);
            string file = FileOf(name) ?? throw Problem.At(path, "not the name of a kernel parameter");
            string type = NamespaceOf(file) ?? throw Problem.At(path, "not namespaced, it would change the whole host");
            if (file == "kernel/hostname") throw Problem.At(path, "set by 'hostname' instead");
            if (file == "kernel/domainname" && domainname is { Length: > 0 } && domainname != value)
                throw Problem.At(path, "says another name than 'domainname'");
            if (!SpecRules.HasNamespace(linux, type)) throw Problem.At(path, $"needs a {type} namespace");
            if (value.Contains('\n')) throw Problem.At(path, "the value is more than one line");
        }
    }

    /// <summary>
    /// The file of a parameter below /proc/sys, or null where it is not a name. As in sysctl(8), the first separator
    /// decides: <c>net.ipv4.conf.eth0/1.arp_ignore</c> is net/ipv4/conf/eth0.1/arp_ignore.
    /// </summary>
    public static string? FileOf(string name)
    {
        int separator = name.AsSpan().IndexOfAny('.', '/');
        if (separator <= 0) return null;
        Span<char> file = name.Length <= 256 ? stackalloc char[name.Length] : new char[name.Length];
        bool dotted = name[separator] == '.';
        for (int i = 0; i < name.Length; i++)
        {
            char c = name[i];
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '/' or '_' or '-')) return null;
            file[i] = !dotted ? c : c == '.' ? '/' : c == '/' ? '.' : c;
        }

        foreach (Range part in file.Split('/'))
        {
            if (((ReadOnlySpan<char>)file[part]) is "" or "." or "..") return null;
        }

        return new string(file);
    }

    private static string? NamespaceOf(string file)
    {
        if (file.StartsWith("net/", StringComparison.Ordinal)) return "network";
        if (file.StartsWith("fs/mqueue/", StringComparison.Ordinal)) return "ipc";

        // Limits of a user namespace on those below it (namespaces(7), "The /proc/sys/user directory").
        if (file.StartsWith("user/", StringComparison.Ordinal)) return "user";
        return file switch
        {
            "kernel/hostname" or "kernel/domainname" => "uts",
            "kernel/msgmax" or "kernel/msgmnb" or "kernel/msgmni" or "kernel/sem" or "kernel/shmall" or
                "kernel/shmmax" or "kernel/shmmni" or "kernel/shm_rmid_forced" => "ipc",
            _ => null,
        };
    }
}
