using System.Text.RegularExpressions;

namespace Container.Help;

/// <summary>A page of docs/en-US: the help of one cmdlet.</summary>
internal sealed partial class HelpPage
{
    private readonly Dictionary<string, PageText> sections;
    private readonly PageText whole;

    private HelpPage(string name, PageText whole)
    {
        Name = name;
        this.whole = whole;
        sections = whole.Split(2).Skip(1).ToDictionary(piece => piece.Heading, piece => piece.Text);
        Synopsis = string.Join('\n', Section("SYNOPSIS").Paragraphs());
        Description = Section("DESCRIPTION").Paragraphs();
        Parameters = [.. Section("PARAMETERS").Split(3).Skip(1).Where(piece => piece.Heading != "CommonParameters")
            .Select(piece => ParameterText.Read(piece.Heading, piece.Text))];
        Syntaxes = [.. Section("SYNTAX").Split(3).Skip(1).Select(ReadSyntax)];
        Examples = [.. Section("EXAMPLES").Split(3).Skip(1).Select(ReadExample)];
        Inputs = ReadTypes("INPUTS");
        Outputs = ReadTypes("OUTPUTS");
        Notes = Section("NOTES").Paragraphs();
        Links = [.. Section("RELATED LINKS").Links()];
    }

    public string Name { get; }

    public string Synopsis { get; }

    public IReadOnlyList<string> Description { get; }

    public IReadOnlyList<HelpSyntax> Syntaxes { get; }

    public IReadOnlyList<HelpExample> Examples { get; }

    public IReadOnlyList<HelpParameter> Parameters { get; }

    public IReadOnlyList<HelpType> Inputs { get; }

    public IReadOnlyList<HelpType> Outputs { get; }

    public IReadOnlyList<string> Notes { get; }

    public IReadOnlyList<(string Text, string Target)> Links { get; }

    public static HelpPage Read(string file) => new(Path.GetFileNameWithoutExtension(file), PageText.Read(file));

    /// <summary>The word for a parameter's value in the syntax, or its type.</summary>
    public string ValueOf(HelpParameter parameter) =>
        Syntaxes.SelectMany(syntax => syntax.Parameters).FirstOrDefault(known => known.Name == parameter.Name).Value
        ?? parameter.Type;

    private PageText Section(string name) =>
        sections.TryGetValue(name, out PageText? found) ? found : throw whole.Wrong($"there is no section {name}");

    private HelpSyntax ReadSyntax((string Heading, PageText Text) piece)
    {
        string set = piece.Heading.Replace(" (Default)", "", StringComparison.Ordinal);
        string text = piece.Text.Block("") ?? throw piece.Text.Wrong($"{set} has no block");
        return new HelpSyntax(set, [.. SyntaxParameter().Matches(text).Select(match =>
            (match.Groups[1].Value, match.Groups[2].Success ? match.Groups[2].Value : null))]);
    }

    private static HelpExample ReadExample((string Heading, PageText Text) piece) => new(
        piece.Heading,
        piece.Text.Block("powershell") ?? throw piece.Text.Wrong("the example has no block of powershell"),
        piece.Text.Block("output"),
        piece.Text.Paragraphs());

    private HelpType[] ReadTypes(string section) =>
        [.. Section(section).Split(3).Skip(1).Select(piece => new HelpType(piece.Heading, piece.Text.Paragraphs()))];

    // [[-Name] <type>], [-Name] <type>, -Name <type>, [-Switch]
    [GeneratedRegex(@"(?<=[\s\[])-(\w+)\]?(?:\s<([^>]+)>)?")]
    private static partial Regex SyntaxParameter();
}
