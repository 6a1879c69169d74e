namespace Container.Engine.Containers.Specs;

/// <summary>Environment variables in the order they were first named.</summary>
internal sealed class VariableList
{
    private readonly List<string> names = [];
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    public void Set(string name, string value)
    {
        if (values.TryAdd(name, value)) names.Add(name);
        else values[name] = value;
    }

    public void Set(IEnumerable<string> variables)
    {
        foreach (string variable in variables)
        {
            int equals = variable.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0) Set(variable[..equals], variable[(equals + 1)..]);
        }
    }

    public IReadOnlyList<string> ToList() => names.ConvertAll(name => $"{name}={values[name]}");
}
