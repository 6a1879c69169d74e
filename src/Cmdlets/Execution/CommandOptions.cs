using Container.Engine.Catalog;

namespace Container.Cmdlets.Execution;

/// <summary>How a command's streams are treated.</summary>
/// <param name="Container">Where it runs.</param>
/// <param name="CommandText">The command, for messages.</param>
/// <param name="Raw">Output is blocks of bytes, not lines.</param>
/// <param name="PassThru">Output is collected into one result.</param>
/// <param name="HasInput">Standard input is connected.</param>
/// <param name="IsScript">The command is a script block in a pwsh of the container's: its output is objects.</param>
/// <param name="TimeoutSec">Seconds until the command is killed; 0 is never.</param>
/// <param name="Cleanup">What to do with the container, by its id, when the command is over.</param>
/// <param name="Advise">What to say to who reads that the command has failed, or null.</param>
internal sealed record CommandOptions(
    ContainerRecord Container,
    string CommandText,
    bool Raw,
    bool PassThru,
    bool HasInput,
    bool IsScript,
    int TimeoutSec,
    Action<string>? Cleanup = null,
    Func<string?>? Advise = null);
