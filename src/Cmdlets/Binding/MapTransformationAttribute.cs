using System.Collections;
using System.Management.Automation;
using Container.Cmdlets.Views;

namespace Container.Cmdlets.Binding;

/// <summary>Lets a map be written as a hashtable or as <c>NAME=VALUE</c> strings.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MapTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether the values are sizes, as in 64m.</summary>
    public bool Sizes { get; set; }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object map = ToMap(inputData);
        if (!Sizes || (map is PSObject wrapped ? wrapped.BaseObject : map) is not IDictionary sizes) return map;
        Hashtable bytes = new(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in sizes) bytes[entry.Key] = SizeTransformationAttribute.Read(entry.Value);
        return bytes;
    }

    private static object ToMap(object inputData)
    {
        object value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is not string && value is not IEnumerable<string> && value is not object[]) return inputData;

        Hashtable map = new(StringComparer.Ordinal);
        foreach (object? item in LanguagePrimitives.GetEnumerable(value) ?? new[] { value })
        {
            string text = LanguagePrimitives.ConvertTo<string>(item);
            string[] pair = text.Split('=', 2);
            if (pair.Length != 2 || pair[0].Length == 0)
            {
                throw new ArgumentTransformationMetadataException(
                    $"'{VisibleText.OfMessage(text)}' is not NAME=VALUE; a hashtable such as @{{ NAME = 'VALUE' }} does as well.");
            }

            map[pair[0]] = pair[1];
        }

        return map;
    }
}
