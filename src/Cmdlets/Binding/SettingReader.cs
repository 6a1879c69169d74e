using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using Container.Engine.Configuration;
using Container.Engine.Errors;

namespace Container.Cmdlets.Binding;

/// <summary>Reads settings of a container from values that JSON, CSV and Clixml left of them.</summary>
internal sealed class SettingReader(EngineIntrinsics engine)
{
    private static readonly HashSet<string> s_sizes = new(StringComparer.Ordinal)
    {
        nameof(ContainerConfiguration.Memory), nameof(ContainerConfiguration.MemorySwap),
        nameof(ContainerConfiguration.MemoryReservation), nameof(ContainerConfiguration.ShmSize),
    };

    private static readonly string[] s_sources =
    [
        nameof(ContainerConfiguration.Image), nameof(ContainerConfiguration.RootFsPath),
        nameof(ContainerConfiguration.BundlePath),
    ];

    private static readonly HashSet<string> s_paths = new(StringComparer.Ordinal)
    {
        nameof(ContainerConfiguration.RootFsPath), nameof(ContainerConfiguration.BundlePath),
    };

    /// <summary>
    /// Whether an object has what makes a container, and not only a name: then it is a configuration, and no reference
    /// to an image or a container.
    /// </summary>
    public static bool IsConfiguration(PSObject item) => s_sources.Any(name => item.Properties[name] is not null);

    /// <summary>The configuration with these settings.</summary>
    public ContainerConfiguration Read(IEnumerable<KeyValuePair<string, object>> settings)
    {
        ContainerConfiguration made = new();
        foreach ((string name, object value) in settings)
        {
            PropertyInfo setting = Find(typeof(ContainerConfiguration), name)
                ?? throw new EngineException(ErrorId.InvalidConfiguration, Messages.UnknownSetting(name), target: name);

            // An empty cell of a row is one that nobody filled in.
            if ((value is PSObject wrapped ? wrapped.BaseObject : value) is "") continue;
            setting.SetValue(made, s_sizes.Contains(setting.Name) ? SizeTransformationAttribute.Read(value)
                : s_paths.Contains(setting.Name) ? HostPath(value)
                : Convert(value, setting.PropertyType));
        }

        return made;
    }

    private static PropertyInfo? Find(Type type, string name) =>
        type.GetProperty(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)
            is { CanWrite: true } found ? found : null;

    private string HostPath(object value) => engine.SessionState.Path.GetUnresolvedProviderPathFromPSPath(
        LanguagePrimitives.ConvertTo<string>(value));

    private object? Convert(object value, Type type)
    {
        object bare = value is PSObject wrapped ? wrapped.BaseObject : value;
        if (type.IsInstanceOfType(bare)) return bare;
        if (type == typeof(IReadOnlyList<ContainerMount>))
            return new MountTransformationAttribute().Transform(engine, value);
        if (type == typeof(IReadOnlyList<string>)) return LanguagePrimitives.ConvertTo<string[]>(value);
        if (type == typeof(IReadOnlyDictionary<string, string>)) return TextMap.From(Map(value, sizes: false));
        if (type == typeof(IReadOnlyDictionary<string, long>)) return TextMap.Numbers(Map(value, sizes: true));
        if (type == typeof(NamespaceMode)) return Namespace(value);
        if (type == typeof(ContainerHealthCheck)) return HealthCheck(value);
        if (type == typeof(TimeSpan)) return Time(value);

        // Of a text PowerShell asks only whether it is empty.
        if (type == typeof(bool) && bare is string word) return bool.Parse(word);
        return LanguagePrimitives.ConvertTo(value, type, CultureInfo.InvariantCulture);
    }

    private IDictionary Map(object value, bool sizes)
    {
        object entries = value;
        if (PlainObject.Fields(value, typeof(IDictionary)) is { } fields)
            entries = new Hashtable(new Dictionary<string, object>(fields), StringComparer.Ordinal);
        return new MapTransformationAttribute { Sizes = sizes }.Transform(engine, entries) as IDictionary
            ?? throw new PSInvalidCastException(Messages.NoMap(value));
    }

    private static NamespaceMode? Namespace(object value)
    {
        if (PlainObject.Fields(value, typeof(NamespaceMode)) is not { } fields)
            return NamespaceMode.Parse(LanguagePrimitives.ConvertTo<string>(value));
        Dictionary<string, object> said = new(fields, StringComparer.OrdinalIgnoreCase);
        string target = said.TryGetValue("Target", out object? of) ? LanguagePrimitives.ConvertTo<string>(of) : "";
        NamespaceKind kind = said.TryGetValue("Kind", out object? from)
            ? LanguagePrimitives.ConvertTo<NamespaceKind>(from)
            : NamespaceKind.Private;
        return kind switch
        {
            NamespaceKind.Container => NamespaceMode.Of(target),
            NamespaceKind.Path => NamespaceMode.Parse(target),
            _ => NamespaceMode.Parse(kind.ToString()),
        };
    }

    private ContainerHealthCheck HealthCheck(object value)
    {
        if (PlainObject.Fields(value, typeof(ContainerHealthCheck)) is not { } fields)
            return (ContainerHealthCheck)new HealthCheckTransformationAttribute().Transform(engine, value);
        ContainerHealthCheck made = new() { Command = [] };
        foreach ((string name, object said) in fields)
        {
            PropertyInfo setting = Find(typeof(ContainerHealthCheck), name)
                ?? throw new EngineException(ErrorId.InvalidConfiguration, Messages.UnknownSetting(name), target: name);
            setting.SetValue(made, Convert(said, setting.PropertyType));
        }

        return made;
    }

    // JSON has all of its properties.
    private static TimeSpan Time(object value) =>
        PlainObject.Fields(value, typeof(TimeSpan)) is { } fields
            ? TimeSpan.FromTicks(LanguagePrimitives.ConvertTo<long>(fields.First(field => field.Key == "Ticks").Value))
            : LanguagePrimitives.ConvertTo<TimeSpan>(value);
}
