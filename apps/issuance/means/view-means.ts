import { streamId } from '#libs/kernel';
import type { Condition } from '#libs/eventing';
import { levelOfMeans, levelOfStork, meansProjection, type Backbone, type MeansRow } from '#libs/application';
import {
  equalIn,
  meansItem,
  meansView,
  partialMeans,
  viewedPage,
  type MeansView,
  type PartialMeansView,
  type Viewing,
} from '#libs/composition';
import { managesAll, meansDecider, sightOfMeans, type ViewedMeans } from '#libs/domain';
import { found, notFound, type Answer, type PageAnswer } from '#libs/platform';
import { atLeast, type EhLevel, type StorkLevel } from '#libs/scheme';
import type { SearchMeansRequest } from './means.requests.js';

/** A means as a person sees it; what he may not see is not there (VIS-01 to VIS-05). */
export async function viewMeans(
  backbone: Backbone,
  { viewer, places, record }: Viewing,
  id: string,
): Promise<Answer<MeansView> | PartialMeansView> {
  const { state, history, revision } = await backbone.commands.load(meansDecider, streamId('means', id));
  const viewed = state.status === 'none' ? undefined : viewedMeans(state, levelOfMeans(state));
  await places.knowAlike([viewed?.party]);
  const sight = viewed && sightOfMeans(viewer, viewed, places.at);
  const isSeen = sight !== undefined;
  await record({ id }, isSeen ? [id] : [], isSeen ? [viewed!.holder] : []);
  if (sight === undefined || state.status === 'none') throw notFound('no-such-means');
  return sight === 'whole' ? found(meansView(state, history), revision as number) : partialMeans(state, viewed!.party!);
}

type Filter = Omit<SearchMeansRequest, 'limit' | 'cursor' | 'after' | 'viewer'>;

/** The means that a person sees. Whose one is, is asked of his own alone: of another's it would tell him. */
export async function viewManyMeans(
  backbone: Backbone,
  { viewer, places, record }: Viewing,
  filter: Filter,
  page: { readonly limit: number | undefined; readonly cursor: string | undefined; readonly after: string | undefined },
): Promise<PageAnswer<MeansView | PartialMeansView>> {
  const { holder, party } = filter;
  // Whose it is he is told of his own alone: of an organization's they are not looked for then.
  const parties = holder !== undefined ? [] : party === undefined ? await places.mine() : [party];
  await places.know(parties);
  const managed = parties.filter((one) => managesAll(places.at(one)));
  const asked = [...equalIn(filter, ['holder', 'party', 'status']), meansUpTo(viewer.level)];
  const sources = () => [
    [...asked, { column: 'holder', is: 'one-of', values: [...viewer.records] } as const],
    ...(managed.length === 0 ? [] : [[...asked, { column: 'party', is: 'one-of', values: managed } as const]]),
  ];
  const holders = new Map<string, string>();
  const see = async (rows: readonly MeansRow[]) => {
    for (const row of rows) holders.set(row.id, row.holder);
    await places.know(rows.map((row) => row.party));
    return rows.map((row) => {
      const sight = sightOfMeans(viewer, viewedMeans(row, levelOfStork(row.registeredStork as StorkLevel)), places.at);
      if (sight === 'whole') return meansItem(row);
      return sight === undefined || holder !== undefined ? undefined : partialMeans(row, row.party!);
    });
  };
  const list = { name: 'viewed-means', filter: { ...filter, viewer: { ...viewer.named } }, page, sources };
  const answer = await viewedPage(backbone, meansProjection, list, see);
  const shown = answer.items.map(({ id }) => id);
  await record({ ...filter }, shown, [...new Set(shown.map((id) => holders.get(id)!))]);
  return answer;
}

/** Of no higher level; asked at every level, so that a table of before it was kept answers nobody. */
const meansUpTo = (level: EhLevel): Condition => ({
  column: 'registeredStork',
  is: 'before',
  value: ([1, 2, 3, 4] as const).find((stork) => !atLeast(level, levelOfStork(stork))) ?? 5,
});

const viewedMeans = (
  { holder, party }: { readonly holder: string; readonly party?: string | null | undefined },
  level: EhLevel,
): ViewedMeans => ({ holder, ...(typeof party === 'string' ? { party } : {}), level });
