using System.Collections;
using System.Management.Automation;
using Container.Cmdlets.Views;

namespace Container.Cmdlets.Binding;

/// <summary>
/// Lets a parameter that takes names take objects that have one: those of its own kind that have been elsewhere (JSON,
/// CSV, Clixml, another session), and plain ones. An object of another kind has a name and an id too, of something
/// else: it counts by the property that refers to this kind, or it is refused.
/// </summary>
/// <param name="kind">The type that is meant.</param>
/// <param name="reference">The property by which objects of other kinds refer to one of it.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class ObjectNameAttribute(Type kind, string reference) : ArgumentTransformationAttribute
{
    private static readonly string[] s_ownProperties = ["Id", "Name", "Reference"];

    /// <summary>The property of a plain object that is a name as well, as in a row with an image.</summary>
    public string? Other { get; init; }

    /// <summary>Types that another parameter of the cmdlet takes.</summary>
    public Type[] Beside { get; init; } = [];

    /// <summary>Plain objects that are configurations of containers are another parameter's, too.</summary>
    public bool BesideConfiguration { get; init; }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object bare = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (bare is not IList items || items.Count == 0) return Name(inputData) ?? inputData;
        object[] names = [.. items.Cast<object>().Select(item => Name(item) ?? item)];
        return names.SequenceEqual(items.Cast<object>()) ? inputData : names;
    }

    /// <summary>The name that an object stands for; null where it is one itself, or another parameter's.</summary>
    public string? Name(object? item)
    {
        object? bare = item is PSObject wrapped ? wrapped.BaseObject : item;
        if (bare is null or string or ValueType or ScriptBlock or IDictionary || kind.IsInstanceOfType(bare)
            || Array.Exists(Beside, type => type.IsInstanceOfType(bare))) return null;
        PSObject named = PSObject.AsPSObject(item);
        bool isOwn = PlainObject.Is(named, kind);
        bool isOthers = isOwn
            ? BesideConfiguration && SettingReader.IsConfiguration(named)
            : Array.Exists(Beside, type => PlainObject.Was(named, type));
        if (isOthers) return null;
        string[] properties = isOwn ? [reference, .. s_ownProperties, Other ?? reference] : [reference];
        foreach (string property in properties)
        {
            // The ids of processes and the like are numbers.
            object? value = named.Properties[property]?.Value;
            if (value is PSObject boxed) value = boxed.BaseObject;
            if (value is string { Length: > 0 } text) return text;
        }

        throw new ArgumentTransformationMetadataException(
            VisibleText.OfMessage(Messages.NoReference(named.TypeNames[0], reference, isOwn)));
    }
}
