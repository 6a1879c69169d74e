using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Container.Cmdlets.Binding;

/// <summary>
/// The words that a cmdlet was called with. PowerShell's binder keeps neither the quotes nor the places of what it
/// binds; the invocation's own text has both.
/// </summary>
internal sealed class CommandWords
{
    // The name of the note on a text in $args that says it was written as a parameter.
    private const string ParameterNote = "<CommandParameterName>";

    // PowerShell has it in public, the reference library does not.
    private static readonly Func<InvocationInfo, string?>? s_statement = typeof(InvocationInfo)
        .GetProperty("Statement")?.GetGetMethod()?.CreateDelegate<Func<InvocationInfo, string?>>();

    private readonly List<CommandWord> _words = [];
    private readonly List<string> _glued = [];

    private CommandWords()
    {
    }

    /// <summary>The words after the cmdlet's name.</summary>
    public IReadOnlyList<CommandWord> All => _words;

    /// <summary>The words of a call; null where it has no text, and where no word begins with a dash.</summary>
    public static CommandWords? Read(PSCmdlet cmdlet)
    {
        string? text = s_statement?.Invoke(cmdlet.MyInvocation);
        if (text is null || !HasDashWord(text)) return null;
        ScriptBlockAst script = Parser.ParseInput(text, out _, out _);
        if (script.EndBlock?.Statements is not [PipelineAst { PipelineElements: [CommandAst command, ..] }, ..]) return null;
        CommandWords words = new();
        for (int i = 1; i < command.CommandElements.Count; i++)
        {
            CommandElementAst? next = i + 1 < command.CommandElements.Count ? command.CommandElements[i + 1] : null;
            words.Add(command.CommandElements[i], next, cmdlet.SessionState);
        }

        return words;
    }

    /// <summary>Whether PowerShell takes it for a dash.</summary>
    public static bool IsDash(char character) => character is '-' or '\u2013' or '\u2014' or '\u2015';

    /// <summary>
    /// Arguments with those in one piece again that the parser has cut: -a:b, which arrives as -a: and b, and -Da.b=c,
    /// which arrives as -Da and .b=c.
    /// </summary>
    public string[] Join(string[] arguments)
    {
        if (_glued.Count == 0) return arguments;
        Queue<string> glued = new(_glued);
        List<string> joined = [];
        for (int i = 0; i < arguments.Length; i++)
        {
            bool isCut = i + 1 < arguments.Length && glued.TryPeek(out string? head) && head == arguments[i];
            joined.Add(isCut ? glued.Dequeue() + arguments[++i] : arguments[i]);
        }

        return [.. joined];
    }

    private static bool HasDashWord(string text)
    {
        for (int i = 1; i < text.Length; i++)
        {
            if (IsDash(text[i]) && char.IsWhiteSpace(text[i - 1])) return true;
        }

        return false;
    }

    private void Add(CommandElementAst element, CommandElementAst? next, SessionState session)
    {
        string text = element.Extent.Text;
        switch (element)
        {
            case CommandParameterAst { Argument: { } value } parameter:
                int end = value.Extent.StartOffset - element.Extent.StartOffset;
                if (!char.IsWhiteSpace(text[end - 1])) _glued.Add(text[..end]);
                _words.Add(new CommandWord(text, parameter.ParameterName, HasValue: true, IsWritten: true));
                break;
            case CommandParameterAst parameter:
                if (next?.Extent.StartOffset == element.Extent.EndOffset) _glued.Add(text);
                _words.Add(new CommandWord(text, parameter.ParameterName, HasValue: false, IsWritten: true));
                break;
            case VariableExpressionAst { Splatted: true } splatted:
                AddSplatted(session.PSVariable.GetValue(splatted.VariablePath.UserPath));
                break;
            default:
                bool isBare = element is StringConstantExpressionAst { StringConstantType: StringConstantType.BareWord }
                    or ExpandableStringExpressionAst { StringConstantType: StringConstantType.BareWord };
                _words.Add(new CommandWord(text, null, HasValue: false, isBare));
                break;
        }
    }

    // What was splatted has no text: it only says which parameters and places are taken.
    private void AddSplatted(object? value)
    {
        object? bare = value is PSObject wrapped ? wrapped.BaseObject : value;
        if (bare is IDictionary map)
        {
            foreach (object key in map.Keys) _words.Add(new CommandWord($"{key}", $"{key}", HasValue: true, IsWritten: false));
        }
        else if (bare is IEnumerable items and not string)
        {
            foreach (object? item in items)
            {
                string? name = (item as PSObject)?.Properties[ParameterNote]?.Value as string;
                _words.Add(new CommandWord($"{item}", name, HasValue: false, IsWritten: false));
            }
        }
        else
        {
            _words.Add(new CommandWord($"{bare}", null, HasValue: false, IsWritten: false));
        }
    }
}
