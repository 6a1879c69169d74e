namespace Container.Runtime.Monitor;

/// <summary>The types of the messages between a monitor and its clients.</summary>
internal static class MonitorTypes
{
    public const string Start = "start";
    public const string Exec = "exec";
    public const string Attach = "attach";
    public const string Resize = "resize";
    public const string Kill = "kill";
    public const string Pause = "pause";
    public const string Resume = "resume";
    public const string Wait = "wait";
    public const string Prepare = "prepare";
    public const string Update = "update";
    public const string Check = "check";
    public const string Checked = "checked";
    public const string Started = "started";
    public const string Exited = "exited";
    public const string Done = "ok";
    public const string Error = "error";
}
