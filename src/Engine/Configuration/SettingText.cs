using System.Collections;
using System.Globalization;
using System.Reflection;

namespace Container.Engine.Configuration;

/// <summary>A configuration in one line, without what it leaves to the image and the defaults.</summary>
internal static class SettingText
{
    private static readonly ContainerConfiguration s_unset = new();

    public static string Of(ContainerConfiguration configuration)
    {
        IEnumerable<string> said =
            from setting in typeof(ContainerConfiguration).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            let value = setting.GetValue(configuration)
            where value is not null && !value.Equals(setting.GetValue(s_unset))
            select $"{setting.Name}={Text(value)}";
        return string.Join("; ", said);
    }

    private static string Text(object value) => value switch
    {
        string text => text,
        IEnumerable<KeyValuePair<string, string>> map => Braced(map.Select(pair => $"{pair.Key}={pair.Value}")),
        IEnumerable<KeyValuePair<string, long>> map => Braced(map.Select(pair => $"{pair.Key}={pair.Value}")),
        IEnumerable items => Braced(items.Cast<object>().Select(Text)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static string Braced(IEnumerable<string> texts) => $"{{{string.Join(", ", texts)}}}";
}
