using Container.Native.Oci;

namespace Container.Native.Security;

/// <summary>
/// The five sets a container's process gets, after what cannot be granted has been taken out of the request.
/// </summary>
/// <remarks>
/// runtime-spec, config.md: a value that the kernel does not know or that cannot be granted is a warning, not an error.
/// Likewise dropped is what the kernel would refuse with EPERM as a whole: effective bits that are not permitted,
/// inheritable bits outside the bounding set, ambient bits that are not both permitted and inheritable.
/// </remarks>
public sealed class ProcessCapabilities
{
    private readonly List<string> warnings = [];
    private readonly HashSet<(string? Name, string Problem)> told = [];

    private ProcessCapabilities(OciCapabilities? requested, CapabilitySet grantable)
    {
        Bounding = Read(requested?.Bounding, "bounding", grantable);
        Permitted = Read(requested?.Permitted, "permitted", grantable);
        Effective = Keep(
            Read(requested?.Effective, "effective", grantable), Permitted, "effective", "is not in the permitted set");
        Inheritable = Keep(
            Read(requested?.Inheritable, "inheritable", grantable),
            Bounding,
            "inheritable",
            "is not in the bounding set");
        Ambient = Keep(
            Read(requested?.Ambient, "ambient", grantable),
            Permitted & Inheritable,
            "ambient",
            "is not both permitted and inheritable");
    }

    /// <summary>The limit of what execve(2) can grant.</summary>
    public CapabilitySet Bounding { get; }

    /// <summary>What the kernel checks.</summary>
    public CapabilitySet Effective { get; }

    /// <summary>The limit of the effective set.</summary>
    public CapabilitySet Permitted { get; }

    /// <summary>What file capabilities can take over at execve(2); empty unless asked for (CVE-2022-29162).</summary>
    public CapabilitySet Inheritable { get; }

    /// <summary>What an ordinary program keeps at execve(2).</summary>
    public CapabilitySet Ambient { get; }

    /// <summary>What was dropped and why, one sentence each.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    /// <summary>
    /// Resolves <paramref name="requested"/> (null asks for nothing). <paramref name="grantable"/> is
    /// <see cref="CapabilitySet.ReadBounding"/>, or <see cref="CapabilitySet.Supported"/> for a process in a user
    /// namespace that is made for it.
    /// </summary>
    public static ProcessCapabilities Create(OciCapabilities? requested, CapabilitySet grantable) =>
        new(requested, grantable & CapabilitySet.Supported);

    /// <summary>The arguments of capset(2).</summary>
    public CapabilityData ToNative() => new(Effective, Permitted, Inheritable);

    private CapabilitySet Read(IReadOnlyList<string>? names, string set, CapabilitySet grantable)
    {
        CapabilitySet result = CapabilitySet.Empty;
        foreach (string? name in names ?? [])
        {
            // Exactly as the specification writes it: a runtime that reads "chown" grants more than others do.
            int number = CapabilitySet.NumberOf(name);
            if (number < 0 || CapabilitySet.NameOf(number) != name)
            {
                Warn(set, name, "is not the name of a capability");
            }
            else if (number > CapabilitySet.LastSupported)
            {
                Warn(set, name, "is newer than this kernel");
            }
            else if (!grantable.Contains(number))
            {
                Warn(set, name, "is not in the bounding set of this process, so it cannot be granted");
            }
            else
            {
                result |= new CapabilitySet(1UL << number);
            }
        }

        return result;
    }

    private CapabilitySet Keep(CapabilitySet set, CapabilitySet limit, string name, string problem)
    {
        if ((set - limit) is { Count: > 0 } dropped)
        {
            foreach (string capability in dropped.Names) Warn(name, capability, problem);
        }

        return set & limit;
    }

    // Once for all the sets that have the same fault. The first words about the ambient set are runc's.
    private void Warn(string set, string? name, string problem)
    {
        if (!told.Add((name, problem))) return;
        warnings.Add(set == "ambient"
            ? $"can't raise ambient capability {name}: it {problem}"
            : $"process.capabilities.{set}: '{name}' {problem}; it is left out");
    }
}
