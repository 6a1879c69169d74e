using System.Management.Automation;
using Container.Cmdlets.Views;
using Container.Engine.Configuration;

namespace Container.Cmdlets.Binding;

/// <summary>Lets a size be written as people write it: <c>64m</c>, <c>1.5g</c>, <c>64MB</c>; numbers are bytes.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SizeTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Read(inputData);

    /// <summary>The bytes that a text stands for; what is no text, and a plain number, as it is.</summary>
    internal static object? Read(object? value)
    {
        object? bare = value is PSObject wrapped ? wrapped.BaseObject : value;
        if (bare is not string text || long.TryParse(text, out _)) return value;
        return SizeText.TryParse(text, out long bytes)
            ? bytes
            : throw new ArgumentTransformationMetadataException(VisibleText.OfMessage(Messages.NoSize(text)));
    }
}
