using System.Text.RegularExpressions;
using Xunit;

namespace Container.Engine.Tests.Architecture;

/// <summary>What the pages for maintainers name is there: links, files, members, and each room.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));

    public static TheoryData<string> Pages => [.. Directory.EnumerateFiles(Repository.Root, "*.md")
        .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md"))
        .Select(path => Path.GetRelativePath(Repository.Root, path))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_link_leads_to_a_file_that_has_what_it_says(string page)
    {
        string directory = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        Assert.Empty(Link().Matches(File.ReadAllText(Path.Combine(Repository.Root, page)))
            .Where(link => !link.Groups[2].Value.Contains("://", StringComparison.Ordinal))
            .Where(link => !Holds(Path.Combine(directory, link.Groups[2].Value), link.Groups[1].Value))
            .Select(link => link.Value));
    }

    [Fact]
    public void Every_room_stands_in_the_page()
    {
        string source = Path.Combine(Repository.Root, "src");
        string[] rooms =
        [
            .. Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(source, Path.GetDirectoryName(file)!))
                .Distinct()
                .Where(room => room.Contains('/', StringComparison.Ordinal) && !room.StartsWith("Cmdlets/Commands", StringComparison.Ordinal))
                .Select(room => room[(room.IndexOf('/', StringComparison.Ordinal) + 1)..]),
        ];

        Assert.True(rooms.Length > 40, "the sources were not found");
        Assert.DoesNotContain(rooms, room => !s_page.Contains($"`{room}`", StringComparison.Ordinal)
            && !s_page.Contains($"`{Path.GetFileName(room)}`", StringComparison.Ordinal));
    }

    // Paths stand for themselves, or for what is below src; `*` for any letters.
    [Fact]
    public void A_path_in_the_page_is_there()
    {
        string[] paths = [.. PathText().Matches(s_page).Select(match => match.Groups[1].Value).Distinct()];

        Assert.True(paths.Length > 20, "no paths were found");
        Assert.DoesNotContain(paths, path => !Exists(path) && !Exists("src/" + path));
    }

    private static bool Exists(string path)
    {
        string full = Path.Combine(Repository.Root, path);
        string directory = Path.GetDirectoryName(full)!;
        return Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory, Path.GetFileName(full)).Any();
    }

    private static bool Holds(string file, string text)
    {
        file = file.Split('#')[0];
        if (!File.Exists(file)) return Directory.Exists(file);
        return !file.EndsWith(".cs", StringComparison.Ordinal)
            || Regex.IsMatch(File.ReadAllText(file), $@"\b{Regex.Escape(text.Trim('`').Split('.')[^1])}\b");
    }

    [GeneratedRegex(@"\[([^\]\n]+)\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`((?:src|tests|docs|module|Native|Runtime|Engine|Cmdlets)/[\w./*-]*[\w*])`")]
    private static partial Regex PathText();
}
