using System.Globalization;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Runtime.Checkpoint;

/// <summary>
/// A container's network namespace in words of criu: one that the engine made is external, one of the container's own
/// is made anew without what was in it, as runc has it: setting networks up is the engine's.
/// </summary>
internal sealed class CriuNetwork
{
    private const string Key = "extRootNetNS";

    private CriuNetwork(string? path) => Path = path;

    /// <summary>The engine's namespace, or null.</summary>
    public string? Path { get; }

    /// <summary>The container's network namespace; null where it has the host's.</summary>
    public static CriuNetwork? Of(OciSpec spec)
    {
        foreach (OciNamespace item in spec.Linux?.Namespaces ?? [])
        {
            if (item.Type == "network") return new CriuNetwork(item.Path is { Length: > 0 } path ? path : null);
        }

        return null;
    }

    /// <summary>What a dump is told.</summary>
    public string[] Dump(int pid)
    {
        if (Path is null) return ["--empty-ns", "net"];

        // net:[4026531840]
        string link = FileCalls.ReadLink($"/proc/{pid}/ns/net") ?? "";
        return ["--external", $"{link.Replace(":", "", StringComparison.Ordinal)}:{Key}"];
    }

    /// <summary>What a restore is told, which has the namespace as descriptor <paramref name="descriptor"/>.</summary>
    public string[] Restore(int descriptor) => Path is null
        ? ["--empty-ns", "net"]
        : ["--inherit-fd", string.Create(CultureInfo.InvariantCulture, $"fd[{descriptor}]:{Key}")];
}
