using System.Text;
using Container.Runtime.Arguments;
using Container.Runtime.Messages;

namespace Container.Runtime.Commands;

/// <summary>The texts of <c>--help</c>, under the name by which we were called.</summary>
internal static class Usage
{
    /// <summary>The text of <c>help</c> and what follows it.</summary>
    public static string Of(ReadOnlySpan<string> topic)
    {
        if (topic.Length == 0) return OfProgram();
        return Of(CommandTable.Find(topic[0]) ?? throw NoTopic(topic[0]));
    }

    public static UsageException NoTopic(string name) => new($"No help topic for '{name}'");

    public static string Of(Command command)
    {
        StringBuilder text = new();
        text.Append($"NAME:\n   {ProgramName.Get()} {command.Name} - {command.Summary}\n\n");
        text.Append($"USAGE:\n   {ProgramName.Get()} [global options] {command.Name} [options] {command.Operands}\n");
        Append(text, "OPTIONS", [.. command.Options, new Option("help", "print this text", 'h')]);
        return text.ToString();
    }

    public static string OfProgram()
    {
        StringBuilder text = new();
        text.Append($"NAME:\n   {ProgramName.Get()} - Open Container Initiative runtime\n\n");
        text.Append($"USAGE:\n   {ProgramName.Get()} [global options] <command> [options] [arguments]\n\nCOMMANDS:\n");
        foreach (string name in CommandTable.Names)
        {
            text.Append("   ").Append(name.PadRight(12)).Append(CommandTable.Find(name)!.Summary).Append('\n');
        }

        Append(text, "GLOBAL OPTIONS", GlobalOptions.Known);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string title, ReadOnlySpan<Option> options)
    {
        text.Append($"\n{title}:\n");
        foreach (Option option in options)
        {
            string name = $"{(option.Short == '\0' ? "    " : $"-{option.Short}, ")}--{option.Name}";
            if (option.Value is not null) name += $" {option.Value}";
            text.Append("   ").Append(name.PadRight(32)).Append(' ').Append(option.Help).Append('\n');
        }
    }
}
