using System.Collections;
using System.Management.Automation;
using Container.Engine.Catalog;
using Container.Engine.Errors;

namespace Container.Cmdlets.Waiting;

/// <summary>What is to become true of a container: the parameters of Wait-Container, or a hashtable of them.</summary>
internal sealed record WaitRequest
{
    public ContainerState? State { get; init; }

    public bool Healthy { get; init; }

    public int? Port { get; init; }

    public string? LogPattern { get; init; }

    public string? Path { get; init; }

    public Uri? HttpUri { get; init; }

    public string[]? Command { get; init; }

    public ScriptBlock? Condition { get; init; }

    /// <summary>Reads a hashtable whose keys are the names of the parameters.</summary>
    public static WaitRequest From(IDictionary fields)
    {
        WaitRequest request = new();
        foreach (DictionaryEntry field in fields)
        {
            string name = LanguagePrimitives.ConvertTo<string>(field.Key);
            request = name.ToLowerInvariant() switch
            {
                "state" => request with { State = LanguagePrimitives.ConvertTo<ContainerState>(field.Value) },
                "healthy" => request with { Healthy = LanguagePrimitives.IsTrue(field.Value) },
                "port" => request with { Port = LanguagePrimitives.ConvertTo<int>(field.Value) },
                "logpattern" => request with { LogPattern = LanguagePrimitives.ConvertTo<string>(field.Value) },
                "path" => request with { Path = LanguagePrimitives.ConvertTo<string>(field.Value) },
                "httpuri" => request with { HttpUri = LanguagePrimitives.ConvertTo<Uri>(field.Value) },
                "command" => request with { Command = LanguagePrimitives.ConvertTo<string[]>(field.Value) },
                "condition" => request with { Condition = LanguagePrimitives.ConvertTo<ScriptBlock>(field.Value) },
                _ => throw new EngineException(
                    ErrorId.InvalidConfiguration, Messages.UnknownCondition(name), target: fields),
            };
        }

        return request;
    }

    /// <summary>The conditions, new for each container; the container's end where nothing was asked for.</summary>
    public List<WaitCondition> Conditions()
    {
        List<WaitCondition> conditions = [];
        if (Healthy) conditions.Add(new HealthCondition());
        if (LogPattern is not null) conditions.Add(new LogCondition(LogPattern));
        if (Port is { } port) conditions.Add(new PortCondition(port));
        if (Path is not null) conditions.Add(new PathCondition(Path));
        if (HttpUri is not null) conditions.Add(new UriCondition(HttpUri));
        if (Command is not null) conditions.Add(new CommandCondition(Command));
        if (Condition is not null) conditions.Add(new ScriptCondition(Condition));
        if (State is { } state) conditions.Add(new StateCondition(state));
        if (conditions.Count == 0) conditions.Add(new StateCondition(ContainerState.Exited));
        return conditions;
    }
}
