namespace Container.Runtime.Commands;

/// <summary>The verbs. Only the one that is asked for is made.</summary>
internal static class CommandTable
{
    public static string[] Names =>
    [
        "checkpoint", "create", "delete", "events", "exec", "features", "kill", "list", "mounts", "pause", "ps", "restore", "resume", "run", "spec", "start", "state",
        "update",
    ];

    public static Command? Find(string name) => name switch
    {
        "checkpoint" => new CheckpointCommand(),
        "create" => new CreateCommand(),
        "delete" => new DeleteCommand(),
        "events" => new EventsCommand(),
        "exec" => new ExecCommand(),
        "features" => new FeaturesCommand(),
        "kill" => new KillCommand(),
        "list" => new ListCommand(),
        "mounts" => new MountsCommand(),
        "pause" => new PauseCommand(),
        "ps" => new PsCommand(),
        "restore" => new RestoreCommand(),
        "resume" => new ResumeCommand(),
        "run" => new RunCommand(),
        "spec" => new SpecCommand(),
        "start" => new StartCommand(),
        "state" => new StateCommand(),
        "update" => new UpdateCommand(),
        _ => null,
    };
}
