namespace Container.Runtime.Commands;

/// <summary>The verbs. Only the one that is asked for is made.</summary>
internal static class CommandTable
{
    public static string[] Names =>
    [
        "create", "delete", "events", "exec", "features", "kill", "list", "pause", "ps", "resume", "run", "spec", "start", "state",
        "update",
    ];

    public static Command? Find(string name) => name switch
    {
        "create" => new CreateCommand(),
        "delete" => new DeleteCommand(),
        "events" => new EventsCommand(),
        "exec" => new ExecCommand(),
        "features" => new FeaturesCommand(),
        "kill" => new KillCommand(),
        "list" => new ListCommand(),
        "pause" => new PauseCommand(),
        "ps" => new PsCommand(),
        "resume" => new ResumeCommand(),
        "run" => new RunCommand(),
        "spec" => new SpecCommand(),
        "start" => new StartCommand(),
        "state" => new StateCommand(),
        "update" => new UpdateCommand(),
        _ => null,
    };
}
