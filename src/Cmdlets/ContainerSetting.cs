using Container.Cmdlets.Objects;
using Container.Engine.Configuration;

namespace Container.Cmdlets;

/// <summary>What PowerShell's types need of our objects; see Container.Types.ps1xml.</summary>
public static class ContainerSetting
{
    /// <summary>Everything that a container was created from.</summary>
    /// <param name="container">What Get-Container returned.</param>
    public static ContainerConfiguration Of(ContainerInfo container)
    {
        ArgumentNullException.ThrowIfNull(container);
        return container.Configuration;
    }
}
