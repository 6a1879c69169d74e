namespace Container.Cmdlets.Execution;

/// <summary>The streams of PowerShell, by the letters that stand for them on the link.</summary>
internal enum ScriptStream
{
    Output = 'O',
    Error = 'E',
    Warning = 'W',
    Verbose = 'V',
    Debug = 'D',
    Information = 'I',
}
