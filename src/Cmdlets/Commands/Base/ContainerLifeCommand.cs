using System.Management.Automation;
using Container.Engine.Configuration;

namespace Container.Cmdlets.Commands;

/// <summary>
/// What a container is created with that concerns its life; for the cmdlets that leave it to itself afterwards.
/// </summary>
public abstract class ContainerLifeCommand : ContainerCreateCommand
{
    /// <summary>Seconds it may run before it is killed; 0 is no limit.</summary>
    [Parameter]
    [Alias("Timeout")]
    [ValidateRange(0, int.MaxValue)]
    public int TimeoutSec { get; set; }

    /// <summary>Remove it when it has ended.</summary>
    [Parameter]
    public SwitchParameter AutoRemove { get; set; }

    /// <summary>Whether it is started again when it has ended without having been stopped.</summary>
    [Parameter]
    public ContainerRestartPolicy? RestartPolicy { get; set; }

    /// <summary>How often it is started again after failures, with the policy OnFailure; 0 is without end.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? RestartCount { get; set; }

    /// <summary>What the parameters say, over a configuration to start from.</summary>
    private protected ContainerConfiguration ConfigureLife(ContainerConfiguration start)
    {
        ContainerConfiguration made = Configure(start);
        return made with
        {
            TimeoutSec = IsBound(nameof(TimeoutSec)) ? TimeoutSec : made.TimeoutSec,
            RestartPolicy = RestartPolicy ?? made.RestartPolicy,
            RestartCount = RestartCount ?? made.RestartCount,
            AutoRemove = IsBound(nameof(AutoRemove)) ? AutoRemove : made.AutoRemove,
        };
    }
}
