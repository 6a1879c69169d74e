using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace Container.Cmdlets.Execution;

/// <summary>
/// An object as a container may give it to the host: data and nothing else. It is made anew from scalars, lists, tables
/// and property bags; no live type, no member that runs code, no text of its own choice that it converts to. Properties
/// by which cmdlets find a file have other names, as the file is the container's; each bag says whose it is.
/// </summary>
internal sealed class InertObject(string container, string containerId)
{
    private const int MaximumDepth = 100;
    private const string Prefix = "Container";
    private const string ProcessType = "System.Diagnostics.Process";

    private static readonly HashSet<string> s_marks = new(StringComparer.OrdinalIgnoreCase) { NameProperty, IdProperty };

    // What the file system provider adds (about_Providers): it means nothing on this side.
    private static readonly HashSet<string> s_provider = new(s_marks, StringComparer.OrdinalIgnoreCase)
    {
        "PSPath", "PSParentPath", "PSChildName", "PSDrive", "PSProvider",
    };

    // Parameters and aliases that bind by property name and name a thing; tests/Pester/HostBinding.txt has every one that
    // PowerShell and this module have. The rest of the first two lines is what cmdlets of others say.
    private static readonly HashSet<string> s_references = new(StringComparer.OrdinalIgnoreCase)
    {
        "Destination", "DestinationPath", "FileName", "FilePath", "FullName", "LiteralPath", "LP", "OutFile",
        "OutputPath", "Path", "RootFsPath", "StorageRoot", "AppendPath", "PrependPath", "ChildPath",
        "AdditionalChildPath", "Attachments", "Root", "EnvironmentVariable", "LiteralName",
        "PID", "ProcessId", "ProcessName", "ContainerId", "ImageId", "FromContainer", "InputObject",
        "ComputerName", "CN", "ConnectionUri", "CU", "Uri", "TargetName", "SmtpServer", "VMId", "VMGuid", "VMName", "Credential",
    };

    // A process is ended by these, which are harmless words in all other objects.
    private static readonly Dictionary<string, string> s_ofProcess = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Id"] = "ProcessId", ["Name"] = "ProcessName",
    };

    private readonly Dictionary<object, object?> made = new(ReferenceEqualityComparer.Instance);

    /// <summary>The property that has the container's name.</summary>
    public const string NameProperty = "PSContainerName";

    /// <summary>The property that has the container's id.</summary>
    public const string IdProperty = "PSContainerId";

    /// <summary>The same as data.</summary>
    public object? Make(object? value)
    {
        object? whole = Make(value, 0);
        if (whole is Hashtable or ArrayList or byte[]) Mark(PSObject.AsPSObject(whole));
        return whole;
    }

    private object? Make(object? value, int depth)
    {
        object? bare = value is PSObject wrapped ? wrapped.BaseObject : value;
        if (bare is null || depth > MaximumDepth) return null;

        // PowerShell remembers members by the reference of the object, or of the box: a new one has none.
        if (IsScalar(bare)) return Anew(bare);
        if (bare is string text) return new string(text.AsSpan());
        if (bare is PSCustomObject) bare = value!;
        if (made.TryGetValue(bare, out object? known)) return known;
        return bare switch
        {
            byte[] bytes => bytes.Clone(),
            IDictionary table => Table(table, depth),
            IEnumerable items => List(bare, items, depth),
            _ => Bag(bare, PSObject.AsPSObject(value), depth),
        };
    }

    private static bool IsScalar(object value) =>
        value is Guid or TimeSpan or decimal or DateTime or Version or Uri || value.GetType().IsPrimitive;

    private static object Anew(object scalar) => scalar switch
    {
        Guid value => (object)value,
        TimeSpan value => (object)value,
        decimal value => (object)value,
        DateTime value => (object)value,
        Version value => value.Clone(),
        Uri value => new Uri(value.OriginalString, UriKind.RelativeOrAbsolute),
        _ => Convert.ChangeType(scalar, scalar.GetType(), CultureInfo.InvariantCulture),
    };

    private Hashtable Table(IDictionary table, int depth)
    {
        Hashtable copy = new(StringComparer.CurrentCultureIgnoreCase);
        made.Add(table, copy);
        foreach (DictionaryEntry entry in table)
        {
            // A key is found before the mark of the same name.
            if (Make(entry.Key, depth + 1) is { } key && !(key is string name && s_marks.Contains(name)))
                copy[key] = Make(entry.Value, depth + 1);
        }

        return copy;
    }

    private ArrayList List(object original, IEnumerable items, int depth)
    {
        ArrayList copy = [];
        made.Add(original, copy);
        foreach (object? item in items) copy.Add(Make(item, depth + 1));
        return copy;
    }

    private PSObject Bag(object original, PSObject source, int depth)
    {
        PSObject copy = new();
        made.Add(original, copy);
        if (source.TypeNames.Count > 0) copy.TypeNames.Insert(0, source.TypeNames[0]);
        bool isProcess = source.TypeNames.Any(static type => type.EndsWith(ProcessType, StringComparison.OrdinalIgnoreCase));
        foreach (PSPropertyInfo property in source.Properties)
        {
            if (property is not (PSNoteProperty or PSProperty) || s_provider.Contains(property.Name)) continue;
            string name = Name(property.Name, isProcess);
            if (copy.Properties[name] is null)
                copy.Properties.Add(new PSNoteProperty(name, Make(property.Value, depth + 1)));
        }

        Mark(copy);
        return copy;
    }

    private static string Name(string name, bool isProcess)
    {
        if (isProcess && s_ofProcess.TryGetValue(name, out string? meant)) name = meant;
        return s_references.Contains(name) ? Prefix + name : name;
    }

    private void Mark(PSObject copy)
    {
        copy.Properties.Add(new PSNoteProperty(NameProperty, container));
        copy.Properties.Add(new PSNoteProperty(IdProperty, containerId));
    }
}
