using Container.Cmdlets.Binding;
using Container.Cmdlets.Errors;

namespace Container.Cmdlets.Commands;

/// <summary>
/// One rule for every cmdlet with a command. After the command's first word an unquoted word with a dash is the
/// command's or an error, never the cmdlet's; before it, one that is no parameter is an error; -- ends the cmdlet's
/// parameters. The binder alone would take <c>grep -v</c> for -Verbose and hand a parameter that is misspelt to the
/// command, in silence both. What was splatted, or came through the API, has no text and is taken as it is. With
/// -ArgumentList by its name nothing can be mistaken: the binder then refuses what it does not know.
/// </summary>
internal sealed class DashWords
{
    private const string Command = "Command";
    private const string ArgumentList = "ArgumentList";

    private readonly ContainerCmdlet _cmdlet;
    private readonly ParameterNames _names;
    private readonly string[] _targets;
    private readonly bool _isNamed;
    private bool _isTargetNext;
    private string? _command;

    private DashWords(ContainerCmdlet cmdlet, CommandWords words, string[] targets)
    {
        _cmdlet = cmdlet;
        _names = ParameterNames.Of(cmdlet);
        _targets = targets;
        _isNamed = Parameters(words).Any(word => _names.Find(word.Name!)?.Name == ArgumentList);
        _isTargetNext = targets.Any(target => IsBound(cmdlet, target)) && !Parameters(words).Any(
            word => !word.IsWritten && targets.Contains(_names.Find(word.Name!)?.Name));
    }

    /// <summary>Ends the cmdlet where a word breaks the rule; else gives the command's arguments as written.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="arguments">What the binder has made of the words after the command's first.</param>
    /// <param name="targets">The parameters that take the first place where they are not given by name.</param>
    public static string[] Check(ContainerCmdlet cmdlet, string[] arguments, params string[] targets)
    {
        if (arguments.Any(argument => argument is null))
        {
            cmdlet.Fail(ErrorTable.NullArgument, Messages.NullArgument, null, Messages.UseEmptyText);
        }

        if (CommandWords.Read(cmdlet) is not { } words) return arguments;
        new DashWords(cmdlet, words, targets).Check(words);
        return words.Join(arguments);
    }

    private static IEnumerable<CommandWord> Parameters(CommandWords words) =>
        words.All.TakeWhile(word => !IsEnd(word)).Where(word => word.Name is not null);

    private static bool IsEnd(CommandWord word) => word.IsWritten && word.Text == CommandWord.EndOfParameters;

    private static bool IsBound(ContainerCmdlet cmdlet, string parameter) =>
        cmdlet.MyInvocation.BoundParameters.ContainsKey(parameter);

    private void Check(CommandWords words)
    {
        // A script block is no command: what stands after it is its arguments, and a parameter stays one. Nor does a
        // command that was splatted by its name stand before anything.
        bool hasCommand = IsBound(_cmdlet, Command)
            && !Parameters(words).Any(word => !word.IsWritten && _names.Find(word.Name!)?.Name == Command);
        for (int i = 0; i < words.All.Count && !IsEnd(words.All[i]); i++)
        {
            CommandWord word = words.All[i];
            ParameterNames.Entry? parameter = word.Name is null ? null : _names.Find(word.Name);
            if (word.IsDash) Judge(word, parameter);
            if (parameter is not null)
            {
                bool takesNext = !word.HasValue && !parameter.IsSwitch && i + 1 < words.All.Count;
                CommandWord value = takesNext ? words.All[++i] : word;
                if (parameter.Name == Command && word.IsWritten) _command ??= value.Text;
                if (_targets.Contains(parameter.Name)) _isTargetNext = false;
            }
            else if (word.IsDash || _command is not null)
            {
                continue;
            }
            else if (_isTargetNext)
            {
                _isTargetNext = false;
            }
            else if (hasCommand)
            {
                _command = word.Text;
            }
        }
    }

    private void Judge(CommandWord word, ParameterNames.Entry? parameter)
    {
        if (_isNamed) return;
        string cmdlet = _cmdlet.MyInvocation.MyCommand.Name;
        if (_command is null && parameter is null)
        {
            _cmdlet.Fail(
                ErrorTable.ParameterUnknown, Messages.ParameterUnknown(word.Text, cmdlet, _names.Near(word.Bare)),
                word.Text, Messages.NothingHasRun);
        }

        // A letter of the command's, as in sh -c, would put -Command in place of what was written for it.
        bool isShort = parameter is { Name: Command or ArgumentList } && !parameter.IsWhole(word.Name!);
        ParameterNames.Entry? taken = _command is not null || isShort ? parameter : null;
        taken ??= _command is not null && parameter is null ? _names.Slip(word.Bare) : null;
        if (taken is null) return;
        _cmdlet.Fail(
            ErrorTable.ParameterAfterCommand, Messages.ParameterAfterCommand(word.Text, _command, cmdlet, taken.Name),
            word.Text, Messages.NothingHasRun);
    }
}
