using System.Globalization;
using System.Management.Automation;

namespace Container.Cmdlets.Binding;

/// <summary>A limit is within a range, or <c>$null</c>, which is none.</summary>
/// <param name="minimum">The least.</param>
/// <param name="maximum">The most.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValidateLimitAttribute(double minimum, double maximum) : ValidateArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        object? limit = arguments is PSObject wrapped ? wrapped.BaseObject : arguments;
        if (limit is null) return;
        double value = Convert.ToDouble(limit, CultureInfo.InvariantCulture);
        if (!(value >= minimum && value <= maximum))
            throw new ValidationMetadataException(Messages.OutOfRange(value, minimum, maximum));
    }
}
