using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text;

namespace Container.Cmdlets.Views;

/// <summary>
/// Text of a container, an image or an archive as it is shown: what would act on a terminal (control characters of C0 and
/// C1, and those that turn the direction of writing) is seen instead. Properties keep what is there; views and messages
/// show this.
/// </summary>
public static class VisibleText
{
    private const int ControlPictures = 0x2400; // Unicode, "Control Pictures": one for each character of C0

    /// <summary>What a view shows of a property: of text, of each text of a list, and of keys and values.</summary>
    /// <param name="value">The property; numbers, times and the like stay what they are.</param>
    public static object? Of(object? value) => value switch
    {
        null or TimeSpan or DateTimeOffset or Guid => value,
        string text => Show(text, ""),
        char one => Acts(one, "") ? Show(one.ToString(), "") : value,
        IConvertible => value,
        IDictionary map => Of(map),
        PSObject { BaseObject: not PSCustomObject } wrapped => Of(wrapped.BaseObject),
        IEnumerable list => list.Cast<object?>().Select(Of).ToArray(),
        _ => Show(value.ToString() ?? "", ""),
    };

    /// <summary>A message, which may have several lines.</summary>
    internal static string OfMessage(string text) => Show(text, "\n\t");

    /// <summary>Text that has one line.</summary>
    internal static string OfLine(string text) => Show(text, "");

    /// <summary>The literal of PowerShell's that is this text, with nothing in it that acts on a terminal.</summary>
    internal static string OfLiteral(string text)
    {
        if (!text.Any(static one => Acts(one, ""))) return $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";
        StringBuilder literal = new("\"", text.Length + 16);
        foreach (char one in text)
        {
            if (Acts(one, "")) literal.Append(CultureInfo.InvariantCulture, $"`u{{{(int)one:x}}}");
            else if (one is '"' or '`' or '$' or '\u201c' or '\u201d' or '\u201e') literal.Append('`').Append(one);
            else literal.Append(one);
        }

        return literal.Append('"').ToString();
    }

    private static Hashtable Of(IDictionary map)
    {
        Hashtable shown = new(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in map) shown[Of(entry.Key)!] = Of(entry.Value);
        return shown;
    }

    private static string Show(string text, string kept)
    {
        if (!text.Any(one => Acts(one, kept))) return text;
        StringBuilder shown = new(text.Length + 16);
        foreach (char one in text)
        {
            if (!Acts(one, kept)) shown.Append(one);
            else if (one < ' ') shown.Append((char)(ControlPictures + one));
            else shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)one:x4}");
        }

        return shown.ToString();
    }

    private static bool Acts(char one, string kept) =>
        (char.IsControl(one) || one is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069'))
        && !kept.Contains(one, StringComparison.Ordinal);
}
