using System.Collections;
using System.Management.Automation;
using Container.Cmdlets.Execution;

namespace Container.Cmdlets.Binding;

/// <summary>Objects that are nothing but their properties: made by hand, or of JSON, CSV, Clixml, another session.</summary>
internal static class PlainObject
{
    private static readonly string[] s_passages = ["Deserialized.", "Selected."];

    // What remoting adds to every object.
    private static readonly string[] s_additions = ["PSComputerName", "PSShowComputerName", "RunspaceId"];

    /// <summary>Whether an object is plain, or was one of a type before it has been elsewhere.</summary>
    public static bool Is(object? item, Type type) =>
        TypeName(item) is { } name
        && (name is "System.Management.Automation.PSCustomObject" || name == type.FullName
            || name.StartsWith("CSV:", StringComparison.Ordinal));

    /// <summary>Whether an object was one of a type before it has been elsewhere.</summary>
    public static bool Was(object? item, Type type) => TypeName(item) == type.FullName;

    /// <summary>
    /// What is set of an object that is plain or was of a type, or of a map; null for everything else, and for what a
    /// container sent: it makes no settings of this side.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, object>>? Fields(object? item, Type type)
    {
        if ((item is PSObject wrapped ? wrapped.BaseObject : item) is IDictionary map)
        {
            if (PSObject.AsPSObject(map).Properties[InertObject.IdProperty] is not null) return null;
            return Said(map.Cast<DictionaryEntry>().Select(entry => KeyValuePair.Create<string, object?>(
                LanguagePrimitives.ConvertTo<string>(entry.Key), entry.Value)));
        }

        return !Is(item, type) ? null : Said(((PSObject)item!).Properties
            .Where(property => property.IsGettable && !s_additions.Contains(property.Name))
            .Select(property => KeyValuePair.Create<string, object?>(property.Name, property.Value)));
    }

    private static IEnumerable<KeyValuePair<string, object>> Said(IEnumerable<KeyValuePair<string, object?>> fields) =>
        fields.Where(field => field.Value is not null).Select(field => KeyValuePair.Create(field.Key, field.Value!));

    private static string? TypeName(object? item)
    {
        if (item is not PSObject { BaseObject: not (string or ValueType or IDictionary), TypeNames: [string name, ..] })
            return null;
        for (int i = 0; i < s_passages.Length; i++)
        {
            if (!name.StartsWith(s_passages[i], StringComparison.Ordinal)) continue;
            name = name[s_passages[i].Length..];
            i = -1;
        }

        return name;
    }
}
