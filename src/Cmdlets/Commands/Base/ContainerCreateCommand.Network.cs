using System.Management.Automation;
using Container.Cmdlets.Completion;
using Container.Engine.Configuration;

namespace Container.Cmdlets.Commands;

public abstract partial class ContainerCreateCommand
{
    /// <summary>The network namespace: Private, Host, Container:NAME or a path.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NamespaceModeCompleter))]
    public NamespaceMode? NetworkNamespace { get; set; }

    /// <summary>Name servers in place of the host's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public System.Net.IPAddress[]? DnsServer { get; set; }

    /// <summary>Search domains.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? DnsSearch { get; set; }

    /// <summary>Resolver options.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? DnsOption { get; set; }

    /// <summary>Lines for /etc/hosts, as NAME:ADDRESS.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? AddHost { get; set; }

    /// <summary>Leave the image's /etc/hosts, /etc/hostname and /etc/resolv.conf alone.</summary>
    [Parameter]
    public SwitchParameter NoHostsFile { get; set; }

    private ContainerConfiguration ConfigureNetwork(ContainerConfiguration made) => made with
    {
        NetworkNamespace = NetworkNamespace ?? made.NetworkNamespace,
        DnsServer = DnsServer?.Select(address => address.ToString()).ToArray() ?? made.DnsServer,
        DnsSearch = DnsSearch ?? made.DnsSearch,
        DnsOption = DnsOption ?? made.DnsOption,
        AddHost = AddHost ?? made.AddHost,
        NoHostsFile = IsBound(nameof(NoHostsFile)) ? NoHostsFile : made.NoHostsFile,
    };
}
