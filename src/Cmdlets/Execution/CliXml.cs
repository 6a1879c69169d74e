using System.Management.Automation;
using System.Xml;
using System.Xml.Linq;

namespace Container.Cmdlets.Execution;

/// <summary>
/// Reads CLIXML that nobody vouches for. PowerShell makes live objects of some types, with the help of whatever this
/// session has registered for them; so the types go before it reads, and what only looks like data becomes text.
/// </summary>
internal static class CliXml
{
    private const string TypePrefix = "Container:";

    // PowerShell reads 50 objects in each other, each of them three elements. XElement's time grows with the square of it.
    private const int MaximumDepth = 200;

    // Every object of a type has a list of its own of the names, of which the first is of use.
    private const int MaximumTypes = 16;

    private static readonly XNamespace s_names = "http://schemas.microsoft.com/powershell/2004/04";

    /// <summary>The objects, with types that nobody knows.</summary>
    /// <exception cref="XmlException">It is no XML, or too deep.</exception>
    public static object? Read(string xml)
    {
        XmlReaderSettings settings = new()
        {
            DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersFromEntities = 1024,
        };
        CheckDepth(xml, settings);
        using XmlReader reader = XmlReader.Create(new StringReader(xml), settings);
        XElement root = XElement.Load(reader);
        NameValues(root);
        foreach (XElement element in root.DescendantsAndSelf().ToArray())
        {
            switch (element.Name.LocalName)
            {
                case "TN":
                    element.Elements().Skip(MaximumTypes).Remove();
                    break;
                case "T":
                    element.Value = TypePrefix + element.Value;
                    break;
                case "XD" or "SBK":
                    element.Name = s_names + "S";
                    break;
                case "SS" or "PR":
                    element.RemoveNodes();
                    element.Name = s_names + "Nil";
                    break;
            }
        }

        return PSSerializer.Deserialize(root.ToString(SaveOptions.DisableFormatting));
    }

    private static void CheckDepth(string xml, XmlReaderSettings settings)
    {
        using XmlReader reader = XmlReader.Create(new StringReader(xml), settings);
        while (reader.Read())
        {
            if (reader.Depth > MaximumDepth) throw new XmlException(Messages.ObjectTooDeep);
        }
    }

    // The name of an enumeration's value says more than its number, and the type that knows it goes.
    private static void NameValues(XElement root)
    {
        HashSet<string> types = [.. root.Descendants(s_names + "TN")
            .Where(static list => list.Elements().Any(static type => type.Value == "System.Enum"))
            .Select(static list => (string?)list.Attribute("RefId") ?? "")];
        foreach (XElement list in root.Descendants().Where(IsType).ToArray())
        {
            if (list.Parent is not { } value || value.Element(s_names + "ToString")?.Value is not { } text) continue;
            value.Elements().Where(element => element != list).Remove();
            value.Add(new XElement(s_names + "S", text));
        }

        bool IsType(XElement element) => element.Name.LocalName is "TN" or "TNRef"
            && types.Contains((string?)element.Attribute("RefId") ?? "");
    }
}
