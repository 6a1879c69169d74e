using System.Collections;

namespace Container.Cmdlets.Completion;

/// <summary>Where the user completes.</summary>
/// <param name="CommandName">The cmdlet, or the alias that was typed.</param>
/// <param name="Word">What has been typed of the word, without quotes.</param>
/// <param name="Bound">The other parameters, as far as they are known before the command runs.</param>
internal sealed record CompletionRequest(string CommandName, string Word, IDictionary Bound);
