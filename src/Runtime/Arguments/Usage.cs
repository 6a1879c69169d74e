using System.Text;
using Container.Runtime.Commands;

namespace Container.Runtime.Arguments;

/// <summary>The texts of <c>--help</c>.</summary>
internal static class Usage
{
    public static string Of(Command command)
    {
        StringBuilder text = new();
        text.Append(command.Summary).Append("\n\nUsage: psrun [global options] ").Append(command.Name);
        text.Append(" [options] ").Append(command.Operands).Append('\n');
        Append(text, "\nOptions:\n", command.Options);
        return text.ToString();
    }

    public static string OfProgram(ReadOnlySpan<Option> options)
    {
        StringBuilder text = new("An OCI runtime.\n\nUsage: psrun [global options] <command> [options] [arguments]\n");
        text.Append("\nCommands:\n");
        foreach (string name in CommandTable.Names)
        {
            text.Append("  ").Append(name.PadRight(12)).Append(CommandTable.Find(name)!.Summary).Append('\n');
        }

        Append(text, "\nGlobal options:\n", options);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string title, ReadOnlySpan<Option> options)
    {
        text.Append(title);
        foreach (Option option in options)
        {
            string name = $"{(option.Short == '\0' ? "    " : $"-{option.Short}, ")}--{option.Name}";
            if (option.Value is not null) name += $" {option.Value}";
            text.Append("  ").Append(name.PadRight(32)).Append(' ').Append(option.Help).Append('\n');
        }

        text.Append("  -h, --help                       print this text\n");
    }
}
