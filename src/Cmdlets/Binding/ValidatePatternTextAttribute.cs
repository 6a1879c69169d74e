using System.Management.Automation;
using Container.Cmdlets.Views;

namespace Container.Cmdlets.Binding;

/// <summary>Refuses what is no regular expression when it is bound, before anything is waited for.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValidatePatternTextAttribute : ValidateArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        try
        {
            _ = TextPattern.Get(LanguagePrimitives.ConvertTo<string>(arguments));
        }
        catch (ArgumentException failure)
        {
            throw new ValidationMetadataException(VisibleText.OfMessage(failure.Message), failure);
        }
    }
}
