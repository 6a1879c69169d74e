using System.Xml;

namespace Container.Help;

/// <summary>Writes the file that Get-Help reads: MAML, the form of help that PowerShell has had since its first version.</summary>
internal sealed class MamlWriter
{
    private const string Maml = "http://schemas.microsoft.com/maml/2004/10";
    private const string Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private const string Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    private readonly XmlWriter xml;
    private readonly string? address;

    private MamlWriter(XmlWriter xml, string? address)
    {
        this.xml = xml;
        this.address = address;
    }

    /// <param name="path">The file.</param>
    /// <param name="pages">The cmdlets.</param>
    /// <param name="address">Where the pages stand on the web, or null: then Get-Help says that there is none.</param>
    public static void Write(string path, IReadOnlyList<HelpPage> pages, string? address)
    {
        XmlWriterSettings settings = new() { Indent = true, NewLineChars = "\n", NewLineHandling = NewLineHandling.None };
        using XmlWriter xml = XmlWriter.Create(path, settings);
        MamlWriter writer = new(xml, address);
        xml.WriteStartElement("helpItems", "http://msh");
        xml.WriteAttributeString("schema", "maml");
        xml.WriteAttributeString("xmlns", "maml", null, Maml);
        xml.WriteAttributeString("xmlns", "command", null, Command);
        xml.WriteAttributeString("xmlns", "dev", null, Dev);
        foreach (HelpPage page in pages) writer.Write(page);
        xml.WriteEndElement();
    }

    private void Write(HelpPage page)
    {
        int dash = page.Name.IndexOf('-', StringComparison.Ordinal);
        Element(Command, "command", () =>
        {
            Element(Command, "details", () =>
            {
                Text(Command, "name", page.Name);
                Paragraphs(Maml, "description", [page.Synopsis]);
                Text(Command, "verb", page.Name[..dash]);
                Text(Command, "noun", page.Name[(dash + 1)..]);
            });
            Paragraphs(Maml, "description", page.Description);
            Element(Command, "syntax", () => Each(page.Syntaxes, syntax => Write(page, syntax)));
            Element(Command, "parameters", () => Each(page.Parameters, parameter =>
                Write(parameter, parameter.Sets[0], page.ValueOf(parameter), isWhole: true)));
            Element(Command, "inputTypes", () => Each(page.Inputs, type => Write("inputType", type)));
            Element(Command, "returnValues", () => Each(page.Outputs, type => Write("returnValue", type)));
            Element(Maml, "alertSet", () => Paragraphs(Maml, "alert", page.Notes));
            Element(Command, "examples", () => Each(page.Examples, Write));
            Element(Command, "relatedLinks", () => WriteLinks(page));
        });
    }

    private void Write(HelpPage page, HelpSyntax syntax) => Element(Command, "syntaxItem", () =>
    {
        Text(Maml, "name", page.Name);
        Each(syntax.Parameters, named =>
        {
            HelpParameter? parameter = page.Parameters.FirstOrDefault(known => known.Name == named.Name);
            if (parameter?.In(syntax.Set) is not { } set)
                throw new HelpException($"{page.Name}.md", 1, $"the syntax of {syntax.Set} has -{named.Name}, which is not described for it");
            Write(parameter, set, named.Value, isWhole: false);
        });
    });

    private void Write(HelpParameter parameter, HelpParameterSet set, string? value, bool isWhole) =>
        Element(Command, "parameter", () =>
        {
            xml.WriteAttributeString("required", Word(set.Required));
            xml.WriteAttributeString("variableLength", "false");
            xml.WriteAttributeString("globbing", Word(parameter.Wildcards));
            xml.WriteAttributeString("pipelineInput", set.PipelineInput);
            xml.WriteAttributeString("position", set.Position);
            xml.WriteAttributeString("aliases", parameter.Aliases.Count > 0 ? string.Join(", ", parameter.Aliases) : "none");
            Text(Maml, "name", parameter.Name);
            if (isWhole) Paragraphs(Maml, "description", parameter.Description);
            if (!parameter.IsSwitch)
            {
                Element(Command, "parameterValue", () =>
                {
                    xml.WriteAttributeString("required", "true");
                    xml.WriteAttributeString("variableLength", "false");
                    xml.WriteString(value);
                });
            }

            Element(Dev, "type", () => Text(Maml, "name", parameter.Type));
            if (isWhole) Text(Dev, "defaultValue", Default(parameter));
        });

    private static string Default(HelpParameter parameter) =>
        parameter.Default.Length > 0 ? parameter.Default : parameter.IsSwitch ? "False" : "None";

    private void Write(string element, HelpType type) => Element(Command, element, () =>
    {
        Element(Dev, "type", () => Text(Maml, "name", type.Name));
        Paragraphs(Maml, "description", type.Description);
    });

    private void Write(HelpExample example) => Element(Command, "example", () =>
    {
        Text(Maml, "title", $"--- {example.Title} ---");
        Text(Dev, "code", example.Code);

        // An empty line after what it writes, and one before the next example.
        List<string> remarks = [.. example.Remarks, ""];
        if (example.Output is not null) remarks.InsertRange(0, [example.Output, ""]);
        Paragraphs(Dev, "remarks", remarks);
    });

    // Get-Help -Online opens the first link that has an address, and takes nothing else for one.
    private void WriteLinks(HelpPage page)
    {
        if (address is not null) Link("Online Version:", $"{address}/{page.Name}.md");
        Each(page.Links, link => Link(link.Text, link.Target.Contains("://", StringComparison.Ordinal) ? link.Target : ""));
    }

    private void Link(string text, string target) => Element(Maml, "navigationLink", () =>
    {
        Text(Maml, "linkText", text);
        Text(Maml, "uri", target);
    });

    private void Paragraphs(string space, string name, IReadOnlyList<string> paragraphs) =>
        Element(space, name, () => Each(paragraphs, paragraph => Text(Maml, "para", paragraph)));

    private void Text(string space, string name, string text) => Element(space, name, () => xml.WriteString(text));

    private void Element(string space, string name, Action content)
    {
        xml.WriteStartElement(name, space);
        content();
        xml.WriteEndElement();
    }

    private static void Each<T>(IEnumerable<T> items, Action<T> write)
    {
        foreach (T item in items) write(item);
    }

    private static string Word(bool value) => value ? "true" : "false";
}
