using System.Management.Automation;
using Container.Cmdlets.Views;
using Container.Engine.Configuration;
using Container.Engine.Errors;

namespace Container.Cmdlets.Binding;

/// <summary>
/// Lets a configuration be given as a plain object or a hashtable with its settings: what has been JSON, Clixml or a row
/// of CSV. A setting that there is not is refused: one that vanishes may have been meant to isolate.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ConfigurationTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if (PlainObject.Is(inputData, typeof(ContainerConfiguration))
            && !SettingReader.IsConfiguration((PSObject)inputData)) return inputData;
        try
        {
            return PlainObject.Fields(inputData, typeof(ContainerConfiguration)) is { } settings
                ? new SettingReader(engineIntrinsics).Read(settings)
                : inputData;
        }
        catch (Exception failure) when (failure is EngineException or PSInvalidCastException or FormatException)
        {
            throw new ArgumentTransformationMetadataException(VisibleText.OfMessage(failure.Message), failure);
        }
    }
}
