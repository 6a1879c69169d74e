using System.Text.RegularExpressions;
using Xunit;

namespace Container.Engine.Tests.Architecture;

/// <summary>
/// The rooms of the house: within an assembly what one namespace uses never leads back to it, so that each can be read
/// with what is below it alone; and none is a warehouse.
/// </summary>
public sealed partial class NamespaceTests
{
    private const int MostFiles = 45;

    public static TheoryData<string> Projects => ["Native", "Runtime", "Engine", "Cmdlets"];

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_namespace_uses_one_that_uses_it(string project)
    {
        Dictionary<string, HashSet<string>> uses = Uses(SourceFile.ReadAll(project));

        Assert.True(uses.Count > 3, "the sources were not found");
        Assert.DoesNotContain(uses.Keys, room => Reaches(uses, room, room, []));
    }

    [Fact]
    public void The_check_finds_a_cycle_of_three_and_the_use_of_a_parent()
    {
        SourceFile[] files =
        [
            new("a.cs", "using B;\nusing D;\nnamespace A;\nclass InA { }"),
            new("b.cs", "using C;\nnamespace B;\nclass InB { }"),
            new("c.cs", "namespace C;\n// InC\nclass InC { }"),
            new("d.cs", "namespace D;\nclass InD { }"),
            new("e.cs", "namespace C.E;\nclass InE : InC { }"),
        ];

        Assert.DoesNotContain(files, file => Reaches(Uses(files), file.Namespace, file.Namespace, []));
        SourceFile[] back = [.. files, new SourceFile("f.cs", "using A;\nnamespace C;"), new SourceFile("g.cs", "using C.E;\nnamespace C;")];
        string[] found = [.. Uses(back).Keys.Where(room => Reaches(Uses(back), room, room, [])).Order()];
        Assert.Equal(["A", "B", "C", "C.E"], found);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_folder_is_a_warehouse(string project) => Assert.Empty(SourceFile.ReadAll(project)
        .GroupBy(file => Path.GetDirectoryName(file.Path))
        .Where(folder => folder.Count() > MostFiles)
        .Select(folder => $"{folder.Key} has {folder.Count()} files"));

    // The commands of one noun share a namespace: a namespace Container.Cmdlets.Commands.Container would hide ours.
    [Theory]
    [MemberData(nameof(Projects))]
    public void A_namespace_is_named_as_its_folder(string project) => Assert.Empty(SourceFile.ReadAll(project)
        .Where(file => file.Namespace.Length > 0 && !file.Namespace.StartsWith("Container.Cmdlets.Commands", StringComparison.Ordinal))
        .Where(file => file.Namespace != $"Container.{Path.GetDirectoryName(file.Path)!.Replace('/', '.')}")
        .Select(file => file.Path));

    private static bool Reaches(
        Dictionary<string, HashSet<string>> uses, string from, string wanted, HashSet<string> seen) =>
        uses.TryGetValue(from, out HashSet<string>? next)
        && next.Any(room => room == wanted || (seen.Add(room) && Reaches(uses, room, wanted, seen)));

    // A using directive that is not needed is an error, so those that are there say what a file uses; only what its
    // namespace's parents have needs none.
    private static Dictionary<string, HashSet<string>> Uses(IReadOnlyCollection<SourceFile> files)
    {
        HashSet<string> rooms = [.. files.Select(file => file.Namespace)];
        ILookup<string, string> types = files.SelectMany(file => file.Types.Select(type => (type, file.Namespace)))
            .ToLookup(found => found.type, found => found.Namespace);
        Dictionary<string, HashSet<string>> uses = rooms.ToDictionary(room => room, _ => new HashSet<string>());
        foreach (SourceFile file in files)
        {
            uses[file.Namespace].UnionWith(file.Usings.Where(rooms.Contains));
            uses[file.Namespace].UnionWith(file.Words.SelectMany(word => types[word])
                .Where(room => file.Namespace.StartsWith(room + ".", StringComparison.Ordinal)));
        }

        return uses;
    }

    /// <summary>A file of the sources, as far as it says what it uses.</summary>
    private sealed partial record SourceFile(string Path, string Text)
    {
        public string Namespace { get; } = NamespaceLine().Match(Text).Groups[1].Value;

        public IEnumerable<string> Usings => UsingLine().Matches(Text).Select(match => match.Groups[1].Value);

        public IEnumerable<string> Types => TypeLine().Matches(Text).Select(match => match.Groups[1].Value);

        public IEnumerable<string> Words => Word().Matches(Comment().Replace(Text, "")).Select(match => match.Value).Distinct();

        public static List<SourceFile> ReadAll(string project)
        {
            string root = System.IO.Path.Combine(Repository.Root, "src");
            return
            [
                .. Directory.EnumerateFiles(System.IO.Path.Combine(root, project), "*.cs", SearchOption.AllDirectories)
                    .Select(path => new SourceFile(System.IO.Path.GetRelativePath(root, path), File.ReadAllText(path))),
            ];
        }

        [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
        private static partial Regex NamespaceLine();

        [GeneratedRegex(@"^using (?:static )?([\w.]+);", RegexOptions.Multiline)]
        private static partial Regex UsingLine();

        [GeneratedRegex(@"^(?:\w+ )*(?:class|struct|record|interface|enum) (\w+)", RegexOptions.Multiline)]
        private static partial Regex TypeLine();

        // Not a member of something else: what follows a dot has no name of its own here.
        [GeneratedRegex(@"(?<![\w.])[A-Z]\w*")]
        private static partial Regex Word();

        [GeneratedRegex("//.*")]
        private static partial Regex Comment();
    }
}
