using Container.Engine.Catalog;
using Container.Engine.Events;

namespace Container.Engine.Containers;

public sealed partial class ContainerService
{
    private void Report(
        ContainerDocument document, EventAction action, params IReadOnlyList<(string Key, string Value)> attributes) =>
        events.Add(
            EventKind.Container, action, document.Id, document.Name,
            attributes.Count == 0 ? null : attributes.ToDictionary(pair => pair.Key, pair => pair.Value));
}
