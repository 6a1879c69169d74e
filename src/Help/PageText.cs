using System.Text;
using System.Text.RegularExpressions;

namespace Container.Help;

/// <summary>A piece of a page: lines under one heading, and what they hold.</summary>
internal sealed partial class PageText(string file, int first, IReadOnlyList<string> lines)
{
    private const string Fence = "```";

    /// <summary>The whole of a file.</summary>
    public static PageText Read(string file) => new(file, 1, File.ReadAllLines(file));

    /// <summary>The pieces under headings of a level, with what stands before the first of them under "".</summary>
    public IReadOnlyList<(string Heading, PageText Text)> Split(int level)
    {
        string mark = new string('#', level) + " ";
        List<(string, PageText)> pieces = [];
        string heading = "";
        int start = 0;
        bool fenced = false;
        for (int i = 0; i <= lines.Count; i++)
        {
            if (i < lines.Count && lines[i].StartsWith(Fence, StringComparison.Ordinal)) fenced = !fenced;
            if (i < lines.Count && (fenced || !lines[i].StartsWith(mark, StringComparison.Ordinal))) continue;
            pieces.Add((heading, new PageText(file, first + start, [.. lines.Skip(start).Take(i - start)])));
            if (i < lines.Count) heading = lines[i][mark.Length..].Trim();
            start = i + 1;
        }

        return pieces;
    }

    /// <summary>What stands in the first fence of this language; null where there is none.</summary>
    public string? Block(string language)
    {
        StringBuilder? block = null;
        bool inside = false;
        foreach (string line in lines)
        {
            if (inside && line.StartsWith(Fence, StringComparison.Ordinal)) return block!.ToString().TrimEnd('\n');
            if (inside) block!.Append(line).Append('\n');
            else if (block is null && line == Fence + language) (block, inside) = (new StringBuilder(), true);
        }

        return inside ? throw Wrong("a fence is not closed") : block?.ToString();
    }

    /// <summary>
    /// The paragraphs outside fences, without Markdown's marks for links, each a line: Get-Help breaks them as wide as the
    /// console is. Items of a list and what is indented have lines of their own.
    /// </summary>
    public IReadOnlyList<string> Paragraphs()
    {
        List<string> found = [];
        StringBuilder paragraph = new();
        bool fenced = false;
        foreach (string line in lines.Append(""))
        {
            if (line.StartsWith(Fence, StringComparison.Ordinal)) fenced = !fenced;
            else if (line.Length > 0 && !fenced) paragraph.Append(Break(paragraph, line)).Append(line);
            else if (paragraph.Length > 0 && !fenced)
            {
                found.Add(Link().Replace(paragraph.ToString(), "$1"));
                paragraph.Clear();
            }
        }

        return found;
    }

    private static string Break(StringBuilder before, string line) => before.Length == 0 ? ""
        : line[0] == ' ' || line.StartsWith("- ", StringComparison.Ordinal) || line[0] == '|' ? "\n" : " ";

    /// <summary>The links of a list.</summary>
    public IEnumerable<(string Text, string Target)> Links() =>
        lines.Select(line => Link().Match(line)).Where(match => match.Success)
            .Select(match => (match.Groups[1].Value, match.Groups[2].Value));

    /// <summary>The lines.</summary>
    public IReadOnlyList<string> Lines => lines;

    /// <summary>An error of this piece.</summary>
    public HelpException Wrong(string message) => new(file, first, message);

    [GeneratedRegex(@"\[([^\]]+)\]\(([^)]+)\)")]
    private static partial Regex Link();
}
