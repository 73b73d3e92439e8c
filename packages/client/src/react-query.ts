/**
 * Options for TanStack Query's hooks, one for each operation.
 *
 * @example
 * const { data } = useQuery(listModelsOptions({ client: anura.client }));
 * const chat = useMutation(createChatCompletionMutation({ client: anura.client }));
 */
export * from './generated/@tanstack/react-query.gen.js';
