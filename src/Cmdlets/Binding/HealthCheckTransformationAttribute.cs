using System.Management.Automation;
using Container.Engine.Configuration;

namespace Container.Cmdlets.Binding;

/// <summary>
/// Lets a health check be written as a command line for the container's shell, as a command with its arguments in an
/// array, or given as what New-ContainerHealthCheck made.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HealthCheckTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            ContainerHealthCheck or null => value!,
            string text => new ContainerHealthCheck { Command = ShellLine(text) },
            _ => new ContainerHealthCheck { Command = LanguagePrimitives.ConvertTo<string[]>(value) },
        };
    }

    /// <summary>The command that has the container's shell run a line.</summary>
    internal static string[] ShellLine(string text) => ["/bin/sh", "-c", text];
}
