using System.Text.RegularExpressions;

namespace Container.Cmdlets.Binding;

/// <summary>
/// Regular expressions over lines, as Select-String takes them: in either case, the same in every culture.
/// </summary>
internal static class TextPattern
{
    public static Regex Get(string pattern) => new(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
}
