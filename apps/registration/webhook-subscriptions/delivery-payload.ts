/** Kind of the work of delivering an event to a receiver. */
export const DELIVERY = 'webhook-delivery';

/** What waits to be delivered: the very text that is sent at every attempt. */
export type DeliveryPayload = { readonly event: string; readonly type: string; readonly text: string };

export const deliveryId = (subscription: string, event: string): string => `${subscription}/${event}`;
