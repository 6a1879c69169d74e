namespace Container.Engine.Configuration;

public sealed partial record ContainerConfiguration
{
    /// <summary>The network namespace; one of its own with nothing but loopback where null.</summary>
    public NamespaceMode? NetworkNamespace { get; init; }

    /// <summary>Name servers for /etc/resolv.conf in place of the host's.</summary>
    public IReadOnlyList<string>? DnsServer { get; init; }

    /// <summary>Search domains for /etc/resolv.conf.</summary>
    public IReadOnlyList<string>? DnsSearch { get; init; }

    /// <summary>Resolver options for /etc/resolv.conf.</summary>
    public IReadOnlyList<string>? DnsOption { get; init; }

    /// <summary>Lines for /etc/hosts, as NAME:ADDRESS.</summary>
    public IReadOnlyList<string>? AddHost { get; init; }

    /// <summary>Leave the image's /etc/hosts, /etc/hostname and /etc/resolv.conf alone.</summary>
    public bool NoHostsFile { get; init; }
}
