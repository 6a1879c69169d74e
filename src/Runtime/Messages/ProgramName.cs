namespace Container.Runtime.Messages;

/// <summary>What we were called by: a link named runc stands in for it.</summary>
internal static class ProgramName
{
    public static string Get()
    {
        string called = Environment.GetCommandLineArgs()[0];
        string name = called[(called.LastIndexOf('/') + 1)..];
        return name.Length == 0 ? "psrun" : name;
    }
}
