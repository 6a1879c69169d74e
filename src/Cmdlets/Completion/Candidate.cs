namespace Container.Cmdlets.Completion;

/// <summary>One thing that can stand where the user completes.</summary>
internal readonly record struct Candidate(string Text, string ToolTip);
