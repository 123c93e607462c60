import { useId } from 'preact/hooks';
import { timeText } from '../i18n/format.js';
import { useText } from '../i18n/index.js';
import type { Offer } from '../trust/offers.js';

/** The authorities to choose from. */
export function OfferList({
  offers,
  chosen,
  onChoose,
}: {
  offers: readonly Offer[];
  chosen: Offer | undefined;
  onChoose: (offer: Offer) => void;
}) {
  const { say } = useText();
  const id = useId();
  return (
    <fieldset class="offers">
      <legend>{say('choose.which')}</legend>
      {offers.map((offer, i) => (
        <label class="offer" for={`${id}-${i}`} key={`${offer.source} ${offer.anchor}`}>
          <input
            id={`${id}-${i}`}
            type="radio"
            name={id}
            value={offer.anchor}
            checked={chosen === offer}
            onChange={() => onChoose(offer)}
          />
          <span>
            <bdi>{offer.name}</bdi>
            <br />
            <span class="soft">
              {say(`choose.from-${offer.source}`)} · {say('choose.as-of', { time: timeText(offer.dataAsOf) })}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
