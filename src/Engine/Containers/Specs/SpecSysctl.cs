using System.Buffers;

namespace Container.Engine.Containers.Specs;

/// <summary>
/// Kernel parameters: only those of a namespace the container has for itself, only keys and values made of harmless
/// characters (CVE-2022-0811 hid a second parameter behind a plus sign).
/// </summary>
internal static class SpecSysctl
{
    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.");

    private static readonly SearchValues<char> ValueCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.,:/ \t");

    private static readonly string[] IpcKeys =
    [
        "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax",
        "kernel.shmmni", "kernel.shm_rmid_forced",
    ];

    public static IReadOnlyDictionary<string, string>? Build(ContainerConfiguration configuration)
    {
        if (configuration.Sysctl is not { Count: > 0 } sysctl) return null;
        foreach ((string key, string value) in sysctl)
        {
            Check(configuration, key, value);
        }

        return sysctl;
    }

    private static void Check(ContainerConfiguration configuration, string key, string value)
    {
        if (key.Length == 0 || key.AsSpan().IndexOfAnyExcept(KeyCharacters) >= 0
            || key.Split('.').Any(part => part.Length == 0))
            throw SpecBuilder.Invalid($"'{key}' is no name of a kernel parameter.", key);
        if (value.AsSpan().IndexOfAnyExcept(ValueCharacters) >= 0)
            throw SpecBuilder.Invalid($"'{value}' is no value of the kernel parameter '{key}'.", value);

        bool ipc = IpcKeys.Contains(key) || key.StartsWith("fs.mqueue.", StringComparison.Ordinal);
        bool network = key.StartsWith("net.", StringComparison.Ordinal);
        bool uts = key is "kernel.domainname" or "kernel.hostname";
        if (!ipc && !network && !uts)
            throw SpecBuilder.Invalid($"The kernel parameter '{key}' is the whole host's.", key);

        NamespaceMode? mode = ipc ? configuration.IpcNamespace
            : network ? configuration.NetworkNamespace : configuration.UtsNamespace;
        if (mode is { Kind: NamespaceKind.Host })
            throw SpecBuilder.Invalid($"The kernel parameter '{key}' needs a namespace of the container's own.", key);
        if (key == "kernel.hostname") throw SpecBuilder.Invalid("The host name has a parameter of its own.", key);
    }
}
