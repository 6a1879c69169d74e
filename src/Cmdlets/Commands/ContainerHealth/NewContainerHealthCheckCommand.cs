using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Engine.Configuration;

namespace Container.Cmdlets.Commands;

/// <summary>Makes a health check for -HealthCheck of the cmdlets that create containers.</summary>
[Cmdlet(VerbsCommon.New, "ContainerHealthCheck")]
[OutputType(typeof(ContainerHealthCheck))]
public sealed class NewContainerHealthCheckCommand : ContainerCmdlet
{
    /// <summary>
    /// The command and its arguments, or one text with spaces, a line for the container's shell; exit code 0 says that
    /// all is well.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromRemainingArguments = true)]
    [ValidateNotNullOrEmpty]
    public string[] Command { get; set; } = [];

    /// <summary>Seconds between two checks.</summary>
    [Parameter]
    [ValidateRange(0.001, 86_400)]
    public double IntervalSec { get; set; } = 30;

    /// <summary>Seconds a check may take.</summary>
    [Parameter]
    [Alias("Timeout")]
    [ValidateRange(1, 86_400)]
    public int TimeoutSec { get; set; } = 30;

    /// <summary>Seconds after the start in which failures do not count.</summary>
    [Parameter]
    [ValidateRange(0, 86_400)]
    public double StartPeriodSec { get; set; }

    /// <summary>How many failures in a row make it unhealthy.</summary>
    [Parameter]
    [Alias("Retries")]
    [ValidateRange(1, 1000)]
    public int RetryCount { get; set; } = 3;

    /// <summary>What is done about a container that has become unhealthy.</summary>
    [Parameter]
    public ContainerHealthAction FailureAction { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => Command = DashWords.Check(this, Command);

    /// <inheritdoc/>
    protected override void EndProcessing() => WriteObject(new ContainerHealthCheck
    {
        Command = Command is [var line] && line.Any(char.IsWhiteSpace)
            ? HealthCheckTransformationAttribute.ShellLine(line)
            : Command,
        Interval = TimeSpan.FromSeconds(IntervalSec),
        Timeout = TimeSpan.FromSeconds(TimeoutSec),
        StartPeriod = TimeSpan.FromSeconds(StartPeriodSec),
        Retries = RetryCount,
        Action = FailureAction,
    });
}
