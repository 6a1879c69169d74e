namespace Container.Cmdlets.Execution;

/// <summary>Which of PowerShell's streams something that a script block wrote belongs to; the letters of the link.</summary>
internal enum ScriptStream
{
    Output = 'O',
    Error = 'E',
    Warning = 'W',
    Verbose = 'V',
    Debug = 'D',
    Information = 'I',
}
