using System.Buffers;
using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Views;
using Container.Engine;

namespace Container.Cmdlets.Completion;

/// <summary>
/// What all completers share: a bound on the time, no exception ever, quoting, and reading only. What the store cannot
/// answer in time is not completed.
/// </summary>
public abstract class CompleterBase : IArgumentCompleter
{
    private static readonly SearchValues<char> s_plain =
        SearchValues.Create("-./0123456789:ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");

    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(50);

    // The first one in a shell compiles what it needs, which takes longer than any search.
    private static readonly TimeSpan s_firstTime = TimeSpan.FromMilliseconds(300);
    private static bool s_warm;

    /// <inheritdoc/>
    public IEnumerable<CompletionResult>? CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst,
        IDictionary fakeBoundParameters)
    {
        string word = (wordToComplete ?? "").Trim('\'', '"');
        if (IsForPowerShell(word)) return null;
        CompletionRequest request = new(commandName ?? "", word, fakeBoundParameters);
        Task<List<CompletionResult>> search = Task.Run(() => Search(request));
        TimeSpan patience = s_warm ? s_longest : s_firstTime;
        s_warm = true;
        try
        {
            return search.Wait(patience) ? search.Result : [];
        }
        catch (AggregateException)
        {
            return [];
        }
    }

    /// <summary>Whether a word is a path of the host, which PowerShell itself completes.</summary>
    private protected virtual bool IsForPowerShell(string word) => false;

    /// <summary>What can stand here. Runs on another thread.</summary>
    internal abstract IEnumerable<Candidate> Find(ContainerEngine engine, CompletionRequest request);

    private static CompletionResult Result(Candidate candidate) => new(
        Quote(candidate.Text), VisibleText.OfLine(candidate.Text), CompletionResultType.ParameterValue,
        VisibleText.OfLine(candidate.ToolTip));

    private static string Quote(string text) => text.AsSpan().IndexOfAnyExcept(s_plain) < 0
        ? text
        : VisibleText.OfLiteral(text);

    private List<CompletionResult> Search(CompletionRequest request)
    {
        WildcardPattern pattern = Wildcards.AnyCase(request.Word + "*");
        return [.. Find(ContainerEngine.Open(), request)
            .Where(candidate => pattern.IsMatch(candidate.Text))
            .OrderBy(candidate => candidate.Text, StringComparer.OrdinalIgnoreCase)
            .Select(Result)];
    }
}
